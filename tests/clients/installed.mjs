// Says in one sentence what to do when the clients are not installed, instead of a stack trace in every test.
import {createRequire} from 'node:module';

const wanted = createRequire(import.meta.url)('./package.json').devDependencies;
for (const [name, version] of Object.entries(wanted)) {
  let found;
  try {
    found = createRequire(import.meta.url)(`./node_modules/${name}/package.json`).version;
  } catch { /* not there */ }
  if (found === version) continue;
  console.error(`${name} ${version} is ${found ? `not installed (${found} is)` : 'not installed'}: run "npm ci --ignore-scripts" in tests/clients`);
  process.exit(1);
}
