#!/usr/bin/python3
"""kill -9 of `tieout apply` at random moments: whatever was killed, in the end there is exactly one customer per company,
one invoice per deal, and both sides tie out.

  kill_apply.py PROGRAM [--kills 50] [--seed 1]

Each round starts both sandboxes empty of our writes, makes a plan, and then starts apply again and again; the process is
killed after a random time until it has been killed often enough or has ended by itself. The moments are drawn from the
seed over the whole length of an undisturbed apply, which is measured first.
"""
import argparse
import atexit
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

DEALS = 300
REALM = '9130357849'


class Sandbox:
    def __init__(self, program, vendor, seed):
        self.process = subprocess.Popen([program, 'sandbox', vendor, '--port', '0', '--seed', seed, '--no-limits'],
                                        stdout=subprocess.PIPE, text=True)
        atexit.register(self.stop)
        match = None
        for line in self.process.stdout:
            match = re.search(r'listening on (http://\S+)', line)
            if match:
                break
        if not match:
            sys.exit('the %s sandbox did not start' % vendor)
        self.url = match.group(1)

    def get(self, path, token):
        request = urllib.request.Request(self.url + path, headers={'Authorization': 'Bearer ' + token,
                                                                   'Accept': 'application/json'})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Round:
    """Two fresh sandboxes, a project, and an approved plan."""

    def __init__(self, program):
        self.program = program
        self.crm = Sandbox(program, 'hubspot', 'generated:%d' % DEALS)
        self.books = Sandbox(program, 'quickbooks', 'generated')
        self.folder = tempfile.mkdtemp(prefix='tieout-kill-')
        self.tieout('init', '--crm-url', self.crm.url, '--books-url', self.books.url, '--books-account', REALM)
        with open(os.path.join(self.folder, 'tieout.yaml')) as file:
            text = file.read()
        # After a kill the fate of each journalled write is looked up at once; the sandbox answers nothing late.
        text = re.sub(r'(?m)^(\s+)vendor: (hubspot|quickbooks).*$', r'\g<0>\n\1settings: {settle_seconds: 0}', text)
        with open(os.path.join(self.folder, 'tieout.yaml'), 'w') as file:
            file.write(text)
        self.tieout('connect', 'crm', '--token-stdin', stdin='hubspot-sandbox-private-app\n')
        self.tieout('connect', 'books', '--token-stdin', stdin='sandbox-token\n')
        self.customers_before = self.count('Customer')
        self.plan = os.path.join(self.folder, 'it.plan')
        self.tieout('plan', '--out', self.plan)

    def tieout(self, *words, stdin=None, check=True):
        done = subprocess.run([self.program, '--project', self.folder, *words], input=stdin, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if check and done.returncode != 0:
            sys.exit('tieout %s ended with %d:\n%s' % (' '.join(words), done.returncode, done.stdout))
        return done

    def apply_killed_after(self, seconds):
        """True when it was killed, False when it ended before."""
        process = subprocess.Popen([self.program, '--project', self.folder, 'apply', self.plan],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(timeout=seconds)
            return False
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            return True

    def count(self, entity):
        answer = self.books.get('/v3/company/%s/query?query=select%%20count(*)%%20from%%20%s' % (REALM, entity), 'sandbox-token')
        return answer['QueryResponse'].get('totalCount', 0)

    def check(self, what):
        self.tieout('apply', self.plan)
        self.tieout('sync')
        customers = self.count('Customer') - self.customers_before
        invoices = self.count('Invoice')
        if (customers, invoices) != (DEALS, DEALS):
            sys.exit('%s: %d customers and %d invoices for %d deals' % (what, customers, invoices, DEALS))
        result = json.loads(self.tieout('--json', 'reconcile').stdout)
        if not result.get('ties_out'):
            sys.exit('%s: %s' % (what, json.dumps(result, indent=1)[:4000]))

    def close(self):
        self.crm.stop()
        self.books.stop()
        shutil.rmtree(self.folder)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('program')
    parser.add_argument('--kills', type=int, default=50)
    parser.add_argument('--seed', type=int, default=1)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)

    undisturbed = Round(arguments.program)
    begun = time.monotonic()
    undisturbed.tieout('apply', undisturbed.plan)
    length = time.monotonic() - begun
    undisturbed.check('undisturbed')
    undisturbed.close()

    killed, rounds = 0, 0
    while killed < arguments.kills:
        rounds += 1
        world = Round(arguments.program)
        for _ in range(6):
            if killed == arguments.kills or not world.apply_killed_after(chance.uniform(0.0, length)):
                break
            killed += 1
        world.check('round %d, after %d kills' % (rounds, killed))
        world.close()
        if rounds > 10 * arguments.kills:
            sys.exit('apply ends too quickly to be killed: %d kills in %d rounds' % (killed, rounds))
    print('%d kills in %d rounds: one customer per company, one invoice per deal, all tied out' % (killed, rounds))


if __name__ == '__main__':
    main()
