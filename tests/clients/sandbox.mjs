// Starts the sandbox of a vendor for a test and stops it again. The command comes from the environment, so that the same
// script drives the product's own `tieout sandbox hubspot` and a bare server:
//   HUBSPOT_SANDBOX="path/to/tieout sandbox hubspot"
import {spawn} from 'node:child_process';
import {createInterface} from 'node:readline';

export async function startSandbox(variable, extra = []) {
  const command = process.env[variable];
  if (!command) throw new Error(`set ${variable} to the command that starts the sandbox`);
  const [program, ...args] = command.split(' ').filter(Boolean);
  const child = spawn(program, [...args, '--port', '0', ...extra], {stdio: ['ignore', 'pipe', 'inherit']});
  const base = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the sandbox did not say that it is ready')), 30_000);
    createInterface({input: child.stdout}).on('line', line => {
      const found = /listening on (http:\/\/\S+)/.exec(line);
      if (found) { clearTimeout(timer); resolve(found[1]); }
    });
    child.on('exit', code => reject(new Error(`the sandbox ended at once with code ${code}`)));
  });
  const control = async (method, path, body) => {
    const answer = await fetch(`${base}/_sandbox/${path}`, {method, body: body && JSON.stringify(body)});
    return answer.status === 204 ? undefined : answer.json();
  };
  const stop = () => new Promise(resolve => { child.removeAllListeners('exit'); child.on('exit', resolve); child.kill('SIGTERM'); });
  return {base, control, stop};
}

/// Runs scenarios one after the other and ends the process with the number of failed ones.
export async function run(title, scenarios, finish) {
  let failed = 0;
  for (const [name, scenario] of Object.entries(scenarios)) {
    try {
      await scenario();
      console.log(`ok    ${title}: ${name}`);
    } catch (problem) {
      failed += 1;
      console.log(`FAIL  ${title}: ${name}\n${problem.body ? JSON.stringify(problem.body) : ''}\n${problem.stack ?? problem}`);
    }
  }
  await finish();
  console.log(`${Object.keys(scenarios).length - failed} of ${Object.keys(scenarios).length} scenarios passed`);
  process.exit(failed ? 1 : 0);
}
