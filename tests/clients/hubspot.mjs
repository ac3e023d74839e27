// HubSpot's official client against the sandbox: every scenario, and what only shows without a proxy in between.
import assert from 'node:assert/strict';
import {Client} from '@hubspot/api-client';
import {hubspotScenarios} from './hubspot_scenarios.mjs';
import {run, startSandbox} from './sandbox.mjs';

const sandbox = await startSandbox('HUBSPOT_SANDBOX', ['--seed', 'northwind', '--no-limits']);
const quick = {limiterOptions: {minTime: 0, maxConcurrent: 8}};
const client = new Client({accessToken: 'hubspot-sandbox-private-app', basePath: sandbox.base, ...quick});
const withLimits = async use => {
  await sandbox.control('POST', 'settings', {limits: true});
  try { await use(); } finally { await sandbox.control('POST', 'settings', {limits: false}); }
};
const refresh = token => client.oauth.tokensApi.create('refresh_token', undefined, undefined, 'hubspot-sandbox-client',
  'hubspot-sandbox-secret', token);

await run('hubspot client', {
  ...hubspotScenarios(client),

  'sign-in: refresh, expiry, refusal': async () => {
    const tokens = await refresh('hubspot-sandbox-refresh');
    assert.equal(tokens.tokenType, 'bearer');
    assert.equal(tokens.expiresIn, 1800);
    const signedIn = new Client({accessToken: tokens.accessToken, basePath: sandbox.base});
    assert.ok((await signedIn.crm.owners.ownersApi.getPage()).results.length > 0);
    await sandbox.control('POST', 'clock', {advance_ms: 1_800_001});
    await assert.rejects(signedIn.crm.owners.ownersApi.getPage(), problem => problem.code === 401 && problem.body.category === 'EXPIRED_AUTHENTICATION');
    await assert.rejects(refresh('nonsense'), problem => problem.code === 400 && problem.body.status === 'BAD_REFRESH_TOKEN');
    const again = await refresh(tokens.refreshToken);
    signedIn.setAccessToken(again.accessToken);
    assert.ok((await signedIn.crm.owners.ownersApi.getPage()).results.length > 0);
  },

  'the client waits out a 429 and repeats': async () => {
    await sandbox.control('POST', 'faults', {seed: 1, rules: [{kind: 'status_429', times: 1, match: {path_prefix: '/crm/v3/owners'}}]});
    const patient = new Client({accessToken: 'hubspot-sandbox-private-app', basePath: sandbox.base, numberOfApiCallRetries: 2});
    const begun = Date.now();
    assert.ok((await patient.crm.owners.ownersApi.getPage()).results.length > 0);
    assert.ok(Date.now() - begun >= 9_500, 'it waits ten seconds because it knows policyName TEN_SECONDLY_ROLLING');
    await sandbox.control('DELETE', 'faults');
  },

  'the secondly limit of searches': () => withLimits(async () => {
    const search = () => client.crm.deals.searchApi.doSearch({filterGroups: [], sorts: [], properties: [], limit: 1, after: '0', query: ''})
      .then(() => 200, problem => problem.body.message);
    const raw = () => fetch(`${sandbox.base}/crm/v3/objects/deals/search`, {method: 'POST', body: '{}',
      headers: {authorization: 'Bearer hubspot-sandbox-private-app', 'content-type': 'application/json'}});
    const answers = await Promise.all(Array.from({length: 8}, raw));
    assert.equal(answers.filter(each => each.status === 429).length, 3);
    assert.equal(await search(), 'You have reached your secondly limit.');
  }),

  'a 500 after the commit: the client repeats, the record exists twice': async () => {
    // What a caller without read-back gets. It shows that the fault is faithful.
    await sandbox.control('POST', 'faults', {seed: 1, rules: [{kind: 'status_500_after_commit', times: 1, match: {method: 'POST'}}]});
    const retrying = new Client({accessToken: 'hubspot-sandbox-private-app', basePath: sandbox.base, numberOfApiCallRetries: 2});
    const before = (await sandbox.control('GET', 'state')).objects.companies;
    await retrying.crm.companies.basicApi.create({properties: {name: 'Twice'}, associations: []});
    assert.equal((await sandbox.control('GET', 'state')).objects.companies, before + 2);
    await sandbox.control('DELETE', 'faults');
  },

  'an HTML page instead of JSON surfaces as an error': async () => {
    await sandbox.control('POST', 'faults', {seed: 1, rules: [{kind: 'html_instead_of_json', times: 1}]});
    await assert.rejects(client.crm.owners.ownersApi.getPage(), problem => problem.code === 502);
    await sandbox.control('DELETE', 'faults');
  },

  'raw calls: account details and a dated path': async () => {
    const details = await (await client.apiRequest({path: '/account-info/v3/details'})).json();
    assert.equal(details.companyCurrency, 'USD');
    const dated = await (await client.apiRequest({path: '/crm/objects/2026-03/deals', qs: {limit: 1, properties: ['dealname', 'amount']}})).json();
    assert.match(dated.results[0].properties.dealname, /^Order 10248/);
  },
}, () => sandbox.stop());
