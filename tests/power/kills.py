#!/usr/bin/python3
"""kill -9 of the real program at random moments of apply and of sync: whatever was killed, in the end there is exactly one
customer per company, one invoice per deal, and both sides tie out.

  kills.py PROGRAM [--count 500] [--seed 1] [--deals 300]

The moments are drawn from the seed over the length of an undisturbed run, which is measured first. Up to six kills hit
one company before it is judged.
"""
import argparse
import random
import sys
import time

from project import Broken, Figures, Project


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('program')
    parser.add_argument('--count', type=int, default=500)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--deals', type=int, default=300)
    arguments = parser.parse_args()
    chance, figures = random.Random(arguments.seed), Figures()
    project = Project(arguments.program, arguments.deals)

    begun = time.monotonic()
    project.must('sync')
    length = time.monotonic() - begun
    project.settle(Figures())

    kills, companies, during = 0, 0, {'apply': 0, 'sync': 0}
    while kills < arguments.count and figures.wrong < 5 and companies < 20 + 5 * arguments.count:
        companies += 1
        project.again()
        command = 'apply' if companies % 2 else 'sync'
        try:
            words = ['apply', project.plan()] if command == 'apply' else ['sync']
            for _ in range(6):
                if kills == arguments.count or not project.killed_after(chance.uniform(0.0, length), *words):
                    break
                kills += 1
                during[command] += 1
            project.settle(figures)
        except Broken as broken:
            figures.complain('company %d of seed %d (%s)' % (companies, arguments.seed, command), broken)
    project.close()
    print('power.kills: %d kills (%d of apply, %d of sync) in %d companies of %d deals, %s, seed %d'
          % (kills, during['apply'], during['sync'], companies, arguments.deals, figures.line(), arguments.seed))
    return 1 if figures.wrong or kills < arguments.count else 0


if __name__ == '__main__':
    sys.exit(main())
