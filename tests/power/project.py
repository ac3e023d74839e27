"""Two sandboxes and a project of the real program between them, for the sweeps of this folder."""
import atexit
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

REALM = '9130357849'


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class Sandbox:
    def __init__(self, program, vendor, seed, port):
        self.url = 'http://127.0.0.1:%d' % port
        self.process = subprocess.Popen([program, 'sandbox', vendor, '--port', str(port), '--seed', seed, '--no-limits'],
                                        stdout=subprocess.PIPE, text=True)
        atexit.register(self.stop)

    def wait(self):
        for line in self.process.stdout:
            match = re.search(r'listening on (http://\S+)', line)
            if match:
                self.url = match.group(1)
                return
        sys.exit('a sandbox did not start')

    def get(self, path, token):
        request = urllib.request.Request(self.url + path, headers={'Authorization': 'Bearer ' + token,
                                                                   'Accept': 'application/json'})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        atexit.unregister(self.stop)


class Project:
    """A connected project over two fresh sandboxes. `again()` starts the same world anew, from a copy of the folder."""

    def __init__(self, program, deals):
        self.program, self.deals = os.path.abspath(program), deals
        self.ports = free_port(), free_port()
        self.root = tempfile.mkdtemp(prefix='tieout-power-')
        atexit.register(shutil.rmtree, self.root, ignore_errors=True)
        self.folder = os.path.join(self.root, 'project')
        self.fresh = os.path.join(self.root, 'fresh')
        os.mkdir(self.folder)
        self.start_sandboxes()
        self.must('init', '--crm-url', self.crm.url, '--books-url', self.books.url, '--books-account', REALM)
        settings = os.path.join(self.folder, 'tieout.yaml')
        with open(settings) as file:
            text = file.read()
        # After a kill the fate of each journalled write is looked up at once; the sandbox answers nothing late.
        text = re.sub(r'(?m)^(\s+)vendor: (hubspot|quickbooks).*$', r'\g<0>\n\1settings: {settle_seconds: 0}', text)
        with open(settings, 'w') as file:
            file.write(text)
        self.connect_crm()
        self.must('connect', 'books', '--token-stdin', stdin='sandbox-token\n')
        self.customers_before = self.count('Customer')
        shutil.copytree(self.folder, self.fresh)

    def start_sandboxes(self):
        self.crm = Sandbox(self.program, 'hubspot', 'generated:%d' % self.deals, self.ports[0])
        self.books = Sandbox(self.program, 'quickbooks', 'generated', self.ports[1])
        self.crm.wait()
        self.books.wait()

    def connect_crm(self):
        """Also makes our properties there, which a fresh sandbox has not."""
        self.must('connect', 'crm', '--token-stdin', stdin='hubspot-sandbox-private-app\n')

    def again(self):
        self.crm.stop()
        self.books.stop()
        shutil.rmtree(self.folder)
        shutil.copytree(self.fresh, self.folder)
        self.start_sandboxes()
        self.connect_crm()

    def close(self):
        self.crm.stop()
        self.books.stop()
        shutil.rmtree(self.root, ignore_errors=True)

    def run(self, *words, stdin=None, environment=None, timeout=120):
        return subprocess.run([self.program, '--project', self.folder, *words], input=stdin, text=True, timeout=timeout,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ, **(environment or {})))

    def must(self, *words, stdin=None):
        done = self.run(*words, stdin=stdin)
        if done.returncode != 0:
            raise Broken('tieout %s ended with %d:\n%s%s' % (' '.join(words), done.returncode, done.stdout, done.stderr))
        return done

    def plan(self):
        path = os.path.join(self.folder, 'it.plan')
        if os.path.exists(path):
            os.remove(path)
        self.must('plan', '--out', path)
        return path

    def killed_after(self, seconds, *words):
        """True when it was killed, False when it ended before."""
        process = subprocess.Popen([self.program, '--project', self.folder, *words],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(timeout=seconds)
            return False
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            return True

    def count(self, entity):
        answer = self.books.get('/v3/company/%s/query?query=select%%20count(*)%%20from%%20%s' % (REALM, entity),
                                'sandbox-token')
        return answer['QueryResponse'].get('totalCount', 0)

    def settle(self, figures):
        """Runs to the end with nothing in the way, and judges. The first command is timed: opening, looking up, going on."""
        begun = time.monotonic()
        self.must('sync')
        figures.restart_ms = max(figures.restart_ms, (time.monotonic() - begun) * 1000)
        result = self.reconcile()
        if not result.get('ties_out'):
            self.must('sync')  # what was in doubt is looked up by one run and followed by the next
            result = self.reconcile()
        customers, invoices = self.count('Customer') - self.customers_before, self.count('Invoice')
        figures.lost += max(0, self.deals - customers) + max(0, self.deals - invoices)
        figures.duplicate += max(0, customers - self.deals) + max(0, invoices - self.deals)
        if (customers, invoices) != (self.deals, self.deals):
            raise Broken('%d customers and %d invoices for %d deals' % (customers, invoices, self.deals))
        if not result.get('ties_out'):
            raise Broken('%s %s' % (result['verdict'], json.dumps(result['differences'][:2])))

    def reconcile(self):
        return json.loads(self.run('--json', 'reconcile').stdout)


class Broken(Exception):
    """A promise that did not hold."""


class Figures:
    def __init__(self):
        self.lost = self.duplicate = self.wrong = 0
        self.restart_ms = 0.0

    def complain(self, where, what):
        self.wrong += 1
        print('  %s: %s' % (where, what), flush=True)

    def line(self):
        return '%d lost, %d duplicate, %d wrong, restart max %.0f ms' % (self.lost, self.duplicate, self.wrong,
                                                                          self.restart_ms)
