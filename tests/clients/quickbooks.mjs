// Drives the QuickBooks sandbox with the client that applications use against the real service (node-quickbooks), so that
// what the sandbox says is checked by code that knows nothing of it.
// Usage: node quickbooks.mjs PATH_TO_quickbooks_sandbox_server
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import QuickBooks from 'node-quickbooks';

const realm = '9130357849';
const server = spawn(process.argv[2], ['--seed', 'northwind', '--no-limits'], { stdio: ['ignore', 'pipe', 'inherit'] });
const base = await new Promise((resolve, reject) => {
  createInterface({ input: server.stdout }).on('line', (line) => {
    const ready = line.match(/^quickbooks sandbox listening on (http:\S+)$/);
    if (ready) resolve(ready[1]);
  });
  server.on('exit', (code) => reject(new Error(`the server ended with ${code}`)));
});
QuickBooks.TOKEN_URL = `${base}/oauth2/v1/tokens/bearer`;
QuickBooks.REVOKE_URL = `${base}/v2/oauth2/tokens/revoke`;

function client(token = 'sandbox-access-1', refresh = 'sandbox-refresh-1') {
  const made = new QuickBooks('sandbox-client', 'sandbox-secret', token, false, realm, true, false, 75, '2.0', refresh);
  made.endpoint = `${base}/v3/company/`;
  return made;
}
const qbo = client();
const call = (method, ...args) =>
  new Promise((resolve, reject) => qbo[method](...args, (error, result) => (error ? reject(error) : resolve(result))));
/** The code of the first error that the service gives, whether it comes as HTTP 400 or as a Fault under 200. */
async function refusal(promise) {
  const error = await promise.then(() => assert.fail('nothing was refused'), (reason) => reason);
  const fault = error.Fault ?? error.response?.data?.Fault;
  assert.ok(fault, `no Fault in ${error}`);
  return fault.Error[0].code;
}
const control = (path, body) =>
  fetch(`${base}/_sandbox/${path}`, { method: 'POST', body: JSON.stringify(body) }).then((answer) => answer.json());
const line = (amount, extra = {}) => ({
  Amount: amount, DetailType: 'SalesItemLineDetail', SalesItemLineDetail: { ItemRef: { value: '1' }, ...extra },
});
const invoiceFor = (customer, amount, extra = {}) => ({ CustomerRef: { value: customer.Id }, Line: [line(amount)], ...extra });

const scenarios = {
  async 'create, read, sparse update, stale update'() {
    const made = await call('createCustomer', { DisplayName: 'Client One', PrimaryEmailAddr: { Address: 'one@client.example' } });
    assert.equal(made.SyncToken, '0');
    const read = await call('getCustomer', made.Id);
    assert.equal(read.PrimaryEmailAddr.Address, 'one@client.example');
    const updated = await call('updateCustomer', { Id: made.Id, SyncToken: '0', Notes: 'seen' });
    assert.equal(updated.SyncToken, '1');
    assert.equal(updated.PrimaryEmailAddr.Address, 'one@client.example');
    assert.equal(await refusal(call('updateCustomer', { Id: made.Id, SyncToken: '0', Notes: 'late' })), '5010');
  },

  async 'a record that was read can be sent back whole'() {
    const made = await call('createCustomer', { DisplayName: 'Round trip' });
    const invoice = await call('createInvoice', invoiceFor(made, 12.5));
    const again = await call('updateInvoice', { ...invoice, PrivateNote: 'kept' });
    assert.equal(again.TotalAmt, 12.5);
    assert.equal(again.Line.length, 2);
    assert.equal(again.PrivateNote, 'kept');
  },

  async 'one name space for customers and vendors'() {
    assert.equal(await refusal(call('createCustomer', { DisplayName: 'island trading' })), '6240');
    assert.equal(await refusal(call('createCustomer', { DisplayName: 'A:B' })), '2040');
  },

  async 'queries, counts and pages'() {
    const found = await call('findCustomers', { DisplayName: 'Alfreds Futterkiste GmbH' });
    assert.equal(found.QueryResponse.Customer.length, 1);
    const none = await call('findCustomers', { DisplayName: 'Nobody' });
    assert.deepEqual(none.QueryResponse, {});
    const all = await call('findCustomers', { fetchAll: true, limit: 4 });
    const counted = await call('findCustomers', { count: true });
    assert.equal(all.QueryResponse.Customer.length, counted.QueryResponse.totalCount);
    assert.equal(new Set(all.QueryResponse.Customer.map((each) => each.Id)).size, counted.QueryResponse.totalCount);
    const some = await call('findCustomers', [{ field: 'DisplayName', value: '%Comidas%', operator: 'LIKE' }]);
    assert.equal(some.QueryResponse.Customer[0].DisplayName, 'Bolido Comidas preparadas');
    assert.equal(await refusal(call('findCustomers', { Nickname: 'x' })), '4001');
  },

  async 'a payment moves its invoice'() {
    const customer = await call('createCustomer', { DisplayName: 'Payer' });
    const invoice = await call('createInvoice', invoiceFor(customer, 100));
    const link = [{ Amount: 40, LinkedTxn: [{ TxnId: invoice.Id, TxnType: 'Invoice' }] }];
    const payment = await call('createPayment', { CustomerRef: { value: customer.Id }, TotalAmt: 40, Line: link });
    assert.equal(payment.UnappliedAmt, 0);
    const moved = await call('getInvoice', invoice.Id);
    assert.equal(moved.Balance, 60);
    assert.equal(moved.SyncToken, '1');
    assert.deepEqual(moved.LinkedTxn, [{ TxnId: payment.Id, TxnType: 'Payment' }]);
    await call('voidPayment', payment);
    assert.equal((await call('getInvoice', invoice.Id)).Balance, 100);
  },

  async 'void keeps, delete removes'() {
    const customer = await call('createCustomer', { DisplayName: 'Voider' });
    const invoice = await call('createInvoice', invoiceFor(customer, 10));
    const { Invoice: voided } = await call('voidInvoice', invoice);
    assert.equal(voided.TotalAmt, 0);
    assert.equal(voided.PrivateNote, 'Voided');
    const other = await call('createInvoice', invoiceFor(customer, 11));
    const gone = await call('deleteInvoice', other.Id);
    assert.equal(gone.Invoice.status, 'Deleted');
    assert.equal(await refusal(call('getInvoice', other.Id)), '610');
  },

  async 'the same requestId writes once'() {
    const customer = await call('createCustomer', { DisplayName: 'Twice' });
    const first = await call('createInvoice', invoiceFor(customer, 10, { requestId: 'order-1' }));
    const second = await call('createInvoice', invoiceFor(customer, 10, { requestId: 'order-1' }));
    assert.equal(first.Id, second.Id);
    const held = await call('findInvoices', { CustomerRef: customer.Id });
    assert.equal(held.QueryResponse.Invoice.length, 1);
  },

  async 'document numbers: duplicate refused, then allowed'() {
    const customer = await call('createCustomer', { DisplayName: 'Numbers' });
    await call('createInvoice', invoiceFor(customer, 10, { DocNumber: 'N-1' }));
    assert.equal(await refusal(call('createInvoice', invoiceFor(customer, 10, { DocNumber: 'N-1' }))), '6140');
    const allowed = await call('createInvoice', invoiceFor(customer, 10, { DocNumber: 'N-1', allowDuplicateDocNum: true }));
    assert.equal(allowed.DocNumber, 'N-1');
  },

  async 'amount must be quantity times price'() {
    const customer = await call('createCustomer', { DisplayName: 'Sums' });
    const body = { CustomerRef: { value: customer.Id }, Line: [line(10.01, { Qty: 2, UnitPrice: 5 })] };
    assert.equal(await refusal(call('createInvoice', body)), '6070');
  },

  async 'a closed period'() {
    const customer = await call('createCustomer', { DisplayName: 'Closed' });
    await control('close_books', { date: '2020-12-31' });
    assert.equal(await refusal(call('createInvoice', invoiceFor(customer, 10, { TxnDate: '2020-12-31' }))), '6210');
    const open = await call('createInvoice', invoiceFor(customer, 10, { TxnDate: '2021-01-01' }));
    assert.equal(open.TxnDate, '2021-01-01');
    const preferences = await call('getPreferences');
    assert.equal(preferences.AccountingInfoPrefs.BookCloseDate, '2020-12-31');
    await control('close_books', { date: null });
  },

  async 'batch with one bad item'() {
    const answer = await call('batch', [
      { bId: 'a', operation: 'create', Customer: { DisplayName: 'Batch A' } },
      { bId: 'b', operation: 'create', Customer: { DisplayName: 'batch a' } },
      { bId: 'c', Query: "select count(*) from Customer where DisplayName = 'Payer'" },
    ]);
    const [made, refused, counted] = answer.BatchItemResponse;
    assert.equal(made.Customer.DisplayName, 'Batch A');
    assert.equal(refused.Fault.Error[0].code, '6240');
    assert.equal(refused.bId, 'b');
    assert.equal(counted.QueryResponse.totalCount, 1);
  },

  async 'change data capture shows changes and deletions'() {
    const customer = await call('createCustomer', { DisplayName: 'Feed' });
    const invoice = await call('createInvoice', invoiceFor(customer, 10));
    await call('deleteInvoice', invoice);
    const answer = await call('changeDataCapture', ['Customer', 'Invoice'], new Date(Date.now() - 60_000).toISOString());
    const [customers, invoices] = answer.CDCResponse[0].QueryResponse;
    assert.ok(customers.Customer.some((each) => each.Id === customer.Id));
    assert.equal(invoices.Invoice.find((each) => each.Id === invoice.Id).status, 'Deleted');
    const old = new Date(Date.now() - 40 * 86_400_000).toISOString();
    assert.equal(await refusal(call('changeDataCapture', 'Invoice', old)), '6000');
  },

  async 'tax service, company, terms'() {
    const code = await call('createTaxService', {
      TaxCode: 'King County',
      TaxRateDetails: [{ TaxRateName: 'King 10.2', RateValue: '10.2', TaxAgencyId: '1', TaxApplicableOn: 'Sales' }],
    });
    assert.ok(code.TaxCodeId);
    const customer = await call('createCustomer', { DisplayName: 'Taxed' });
    const invoice = await call('createInvoice', {
      CustomerRef: { value: customer.Id }, Line: [line(100, { TaxCodeRef: { value: 'TAX' } })],
      TxnTaxDetail: { TxnTaxCodeRef: { value: code.TaxCodeId } },
    });
    assert.equal(invoice.TotalAmt, 110.2);
    assert.equal((await call('getCompanyInfo', realm)).CompanyName, 'Northwind Traders');
    assert.equal((await call('findTerms', { Name: 'Net 30' })).QueryResponse.Term[0].DueDays, 30);
  },

  async 'refresh rotates, the old token dies'() {
    const first = await call('refreshAccessToken');
    assert.equal(first.token_type, 'bearer');
    assert.equal(first.expires_in, 3600);
    assert.notEqual(first.refresh_token, 'sandbox-refresh-1');
    await call('getCompanyInfo', realm);
    const late = client();
    const error = await new Promise((resolve) => late.refreshAccessToken((reason) => resolve(reason)));
    assert.equal(error.response.status, 400);
    assert.equal(error.response.data.error, 'invalid_grant');
  },

  async 'an unknown token and a foreign company'() {
    const stranger = client('nobody');
    const unknown = await new Promise((resolve) => stranger.getCompanyInfo(realm, (reason) => resolve(reason)));
    assert.equal(unknown.response.status, 401);
    assert.equal(unknown.response.data.fault.error[0].code, '3200');
    const foreign = client(qbo.token);
    foreign.realmId = '1';
    const refused = await new Promise((resolve) => foreign.getCompanyInfo('1', (reason) => resolve(reason)));
    assert.equal(refused.response.status, 403);
  },

  async 'a lost answer is found again by its requestId'() {
    const customer = await call('createCustomer', { DisplayName: 'Lost' });
    await control('faults', { rules: [{ kind: 'lose_answer_after_commit', times: 1, match: { method: 'POST', path_prefix: '/v3' } }] });
    const body = () => invoiceFor(customer, 10, { requestId: 'lost-1' });
    const error = await call('createInvoice', body()).then(() => null, (reason) => reason);
    assert.ok(error && !error.response, 'the first answer should have been lost');
    const found = await call('createInvoice', body());
    const held = await call('findInvoices', { CustomerRef: customer.Id });
    assert.deepEqual(held.QueryResponse.Invoice.map((each) => each.Id), [found.Id]);
  },
};

let failed = 0;
for (const [name, run] of Object.entries(scenarios)) {
  try {
    await run();
    console.log(`ok      ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}\n${error.stack}${error.response ? `\n${JSON.stringify(error.response.data)}` : ''}`);
  }
}
server.removeAllListeners('exit');
server.kill('SIGTERM');
console.log(`${Object.keys(scenarios).length - failed} of ${Object.keys(scenarios).length} scenarios passed`);
process.exitCode = failed ? 1 : 0;
