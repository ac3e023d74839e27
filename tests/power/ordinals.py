#!/usr/bin/python3
"""The Nth call of the real program, on a company of a few deals: killed there, or the call fails.

  ordinals.py PROGRAM SHIM kill    [--count N] [--seed S]   kill -9 before the Nth write, fsync, rename or send
  ordinals.py PROGRAM SHIM fail    [--count N] [--seed S]   the Nth malloc, write, fsync, send or recv fails

Without --count every ordinal is tried (of malloc, whose calls go into the hundred thousands, 300 drawn ones); with it,
that many drawn from the seed. Each time on a fresh company; a failure must end with an error that says what happened, or
with success; out of memory may abort. Then the program runs undisturbed, and there must be exactly one customer per
company, one invoice per deal, and a clean tie-out.
"""
import argparse
import errno
import os
import random
import signal
import subprocess
import sys

from project import Broken, Figures, Project

MALLOCS = 300
FULL = 'full'  # from the Nth write on there is no space, until the process has ended
FAILURES = [('malloc', errno.ENOMEM), ('write', errno.EIO), ('write', FULL), ('fsync', errno.EIO),
            ('send', errno.ECONNRESET), ('recv', errno.ECONNRESET)]


class Sweep:
    def __init__(self, arguments):
        self.shim = os.path.abspath(arguments.shim)
        self.chance = random.Random(arguments.seed)
        self.project = Project(arguments.program, arguments.deals)
        self.figures = Figures()
        self.runs = self.struck = 0

    def command(self, mode):
        return ['apply', self.project.plan()] if mode == 'apply' else ['sync']

    def calls(self, mode, family):
        """How many calls of that family an undisturbed run makes."""
        self.project.again()
        count = os.path.join(self.project.root, 'count')
        self.project.run(*self.command(mode), environment=self.environment(family, 0, 'kill', count))
        with open(count) as file:
            return int(file.read())

    def environment(self, family, at, do, count=''):
        if do == FULL:
            return dict(self.environment(family, at, errno.ENOSPC, count), POWER_MANY='1')
        return {'LD_PRELOAD': self.shim, 'POWER_FAMILY': family, 'POWER_AT': str(at), 'POWER_DO': str(do),
                **({'POWER_COUNT': count} if count else {})}

    def strike(self, mode, family, at, do):
        self.project.again()
        self.runs += 1
        where = '%s, %s %d, %s' % (mode, family, at, do if isinstance(do, str) else errno.errorcode[do])
        try:
            done = self.project.run(*self.command(mode), environment=self.environment(family, at, do))
            if do == 'kill':
                self.struck += done.returncode == -signal.SIGKILL
            else:
                self.struck += 1
                judge_ending(done, family, do)
            self.project.settle(self.figures)
        except Broken as broken:
            self.figures.complain(where, broken)
        except subprocess.TimeoutExpired:
            self.figures.complain(where, 'it hangs')


def judge_ending(done, family, do):
    if done.returncode in (0, 1, 3, 4, 5, 6, 75):
        if done.returncode not in (0, 6) and not done.stderr.strip():
            raise Broken('it ended with %d and no word' % done.returncode)
        return
    if family == 'malloc' and done.returncode == -signal.SIGABRT and done.stderr.strip():
        return
    raise Broken('it ended with %d: %s' % (done.returncode, done.stderr.strip()[-1000:]))


def drawn(sweep, cases, count):
    """All of them, or `count` spread over them by chance."""
    if count == 0 or count >= len(cases):
        return cases
    return [cases[i] for i in sorted(sweep.chance.sample(range(len(cases)), count))]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('program')
    parser.add_argument('shim')
    parser.add_argument('what', choices=['kill', 'fail'])
    parser.add_argument('--count', type=int, default=0)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--deals', type=int, default=2)
    arguments = parser.parse_args()
    sweep = Sweep(arguments)
    cases, told = [], []
    for mode in ('apply', 'sync'):
        if arguments.what == 'kill':
            families = [('write', 'kill'), ('fsync', 'kill'), ('rename', 'kill'), ('send', 'kill')]
        else:
            families = FAILURES
        known = {}
        for family, do in families:
            calls = known[family] if family in known else known.setdefault(family, sweep.calls(mode, family))
            told.append('%s %s %d' % (mode, family, calls))
            ordinals = range(1, calls + 1)
            if family == 'malloc':
                ordinals = sorted(sweep.chance.sample(ordinals, min(MALLOCS, calls)))
            cases += [(mode, family, at, do) for at in ordinals]
    for case in drawn(sweep, cases, arguments.count):
        if sweep.figures.wrong == 10:
            break
        sweep.strike(*case)
    sweep.project.close()
    print('power.%s: %d of %d ordinals (%s), %d struck, %s, seed %d'
          % ('ordinals' if arguments.what == 'kill' else 'fail_nth', sweep.runs, len(cases),
             ', '.join(dict.fromkeys(told)), sweep.struck, sweep.figures.line(), arguments.seed))
    return 1 if sweep.figures.wrong else 0


if __name__ == '__main__':
    sys.exit(main())
