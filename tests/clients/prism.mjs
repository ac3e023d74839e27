// The official client through Prism: a validating proxy that compares every request and every answer with the published
// shapes (specs/hubspot). Any difference turns the answer into a 500 "VIOLATIONS", which fails the scenario.
import assert from 'node:assert/strict';
import {createServer as createHttpServer} from 'node:http';
import {readdirSync} from 'node:fs';
import {createRequire} from 'node:module';
import {fileURLToPath} from 'node:url';
import {Client} from '@hubspot/api-client';
import {hubspotScenarios} from './hubspot_scenarios.mjs';
import {run, startSandbox} from './sandbox.mjs';

// Prism's own parts, as its command line uses them; one server for all files instead of one a file.
const require = createRequire(import.meta.resolve('@stoplight/prism-cli'));
const {getHttpOperationsFromSpec} = require('@stoplight/prism-http');
const {createServer} = require('@stoplight/prism-http-server');
const {createLogger} = require('@stoplight/prism-core');

async function operations() {
  const folder = fileURLToPath(new URL('specs/hubspot/', import.meta.url));
  const out = [];
  // objects.json last: its {objectType} also fits the paths of the files for one type.
  const files = readdirSync(folder).filter(each => each.endsWith('.json')).sort((a, b) => (a === 'objects.json') - (b === 'objects.json') || a.localeCompare(b));
  for (const file of files) out.push(...await getHttpOperationsFromSpec(folder + file));
  // Prism drops the slash at the end of a request's path but not of a specified one: /crm/v3/owners/ would never match.
  for (const operation of out) operation.path = operation.path.replace(/(.)\/$/, '$1');
  return out;
}

async function proxy(specified, upstream) {
  const server = createServer(specified, {
    cors: false,
    components: {logger: createLogger('prism', {level: 'silent'})},
    config: {isProxy: true, upstream: new URL(upstream), validateRequest: true, validateResponse: true, checkSecurity: false,
      errors: true, upstreamProxy: undefined, mock: {dynamic: false}},
  });
  const address = await server.listen(0, '127.0.0.1');
  return {base: address, stop: () => server.close()};
}

const sandbox = await startSandbox('HUBSPOT_SANDBOX', ['--seed', 'northwind', '--no-limits']);
const specified = await operations();
const checked = await proxy(specified, sandbox.base);
const client = new Client({accessToken: 'hubspot-sandbox-private-app', basePath: checked.base, limiterOptions: {minTime: 0, maxConcurrent: 4}});

// An upstream that answers nonsense, to show that the proxy would notice.
const liar = createHttpServer((_, answer) => { answer.setHeader('content-type', 'application/json'); answer.end('{"results":[{"id":1}]}'); });
await new Promise(resolve => liar.listen(0, '127.0.0.1', resolve));
const lied = await proxy(specified, `http://127.0.0.1:${liar.address().port}`);
const headers = {authorization: 'Bearer hubspot-sandbox-private-app', 'content-type': 'application/json'};

await run('hubspot client through prism', {
  'the proxy notices a wrong request': async () => {
    const answer = await fetch(`${checked.base}/crm/v3/objects/deals`, {method: 'POST', headers, body: '{"properties":{"dealname":5}}'});
    assert.ok(answer.status === 422 || answer.status === 500, `status ${answer.status}`);
    assert.match(await answer.text(), /validation/);
  },
  'the proxy notices a wrong answer': async () => {
    const answer = await fetch(`${lied.base}/crm/v3/objects/deals`, {headers});
    assert.equal(answer.status, 500);
    assert.match(await answer.text(), /VIOLATIONS/);
  },
  'sign-in': async () => {
    const tokens = await client.oauth.tokensApi.create('refresh_token', undefined, undefined, 'hubspot-sandbox-client',
      'hubspot-sandbox-secret', 'hubspot-sandbox-refresh');
    assert.equal(tokens.expiresIn, 1800);
    assert.equal((await client.oauth.accessTokensApi.get(tokens.accessToken)).tokenType, 'access');
  },
  ...hubspotScenarios(client),
}, async () => {
  await Promise.all([checked.stop(), lied.stop(), sandbox.stop()]);
  liar.close();
});
