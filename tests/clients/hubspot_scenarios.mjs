// What HubSpot's own client does with the sandbox. Used directly (hubspot.mjs) and through Prism, which checks every
// request and answer against the published shapes (prism.mjs).
import assert from 'node:assert/strict';

const wonDeal = (name, more = {}) => ({dealname: name, dealstage: 'closedwon', pipeline: 'default', amount: '100.00', ...more});
const failure = async promise => {
  try { await promise; } catch (problem) { return problem; }
  return assert.fail('the call should have been refused');
};
const type = (category, id) => ({associationCategory: category, associationTypeId: id});

export function hubspotScenarios(client) {
  const {companies, contacts, deals, products, lineItems} = client.crm;
  const unique = () => Math.random().toString(36).slice(2);

  return {
    'create, read, update, archive': async () => {
      const made = await companies.basicApi.create({properties: {name: 'Ørsted Café', city: 'Århus'}, associations: []});
      assert.match(made.id, /^\d+$/);
      assert.ok(made.createdAt instanceof Date && !Number.isNaN(made.createdAt.valueOf()));
      const read = await companies.basicApi.getById(made.id, ['name', 'city', 'phone'], undefined, ['deals'], false);
      assert.equal(read.properties.name, 'Ørsted Café');
      assert.equal(read.properties.phone, null);
      const changed = await companies.basicApi.update(made.id, {properties: {city: 'Aalborg'}});
      assert.equal(changed.properties.city, 'Aalborg');
      await companies.basicApi.archive(made.id);
      assert.equal((await failure(companies.basicApi.getById(made.id))).code, 404);
      const archived = await companies.basicApi.getById(made.id, ['name'], undefined, undefined, true);
      assert.ok(archived.archivedAt instanceof Date);
    },

    'getAll follows the pages': async () => {
      const all = await products.getAll(10, undefined, ['name', 'price', 'hs_sku']);
      const ids = new Set(all.map(each => each.id));
      assert.equal(ids.size, all.length);
      assert.ok(all.length >= 78);
      assert.ok(all.some(each => each.properties.name === 'Chai' && each.properties.price === '18'));
    },

    'search with filters, sorts and pages': async () => {
      const request = after => ({
        filterGroups: [{filters: [{propertyName: 'dealstage', operator: 'EQ', value: 'closedwon'},
                                  {propertyName: 'amount', operator: 'GTE', value: '5000'}]}],
        sorts: ['-amount'], properties: ['dealname', 'amount'], limit: 5, after, query: ''});
      const first = await deals.searchApi.doSearch(request('0'));
      assert.ok(first.total > 5);
      assert.equal(first.results.length, 5);
      const second = await deals.searchApi.doSearch(request(first.paging.next.after));
      assert.ok(Number(first.results[4].properties.amount) >= Number(second.results[0].properties.amount));
    },

    'a delta finds what changed since': async () => {
      const made = await companies.basicApi.create({properties: {name: `Delta ${unique()}`}, associations: []});
      const since = made.updatedAt.valueOf();
      const found = await companies.searchApi.doSearch({
        filterGroups: [{filters: [{propertyName: 'hs_lastmodifieddate', operator: 'GTE', value: String(since)}]}],
        sorts: ['hs_lastmodifieddate'], properties: ['name'], limit: 100, after: '0', query: ''});
      assert.ok(found.results.some(each => each.id === made.id));
      const none = await companies.searchApi.doSearch({
        filterGroups: [{filters: [{propertyName: 'hs_lastmodifieddate', operator: 'GT', value: String(since + 3_600_000)}]}],
        sorts: ['hs_lastmodifieddate'], properties: [], limit: 100, after: '0', query: ''});
      assert.equal(none.total, 0);
      assert.equal(none.paging, undefined);
    },

    'batches: create, read, update, upsert, archive': async () => {
      const key = unique();
      const made = await companies.batchApi.create({inputs: [1, 2, 3].map(n => ({properties: {name: `B${n} ${key}`}, associations: []}))});
      assert.equal(made.status, 'COMPLETE');
      assert.equal(made.results.length, 3);
      const ids = made.results.map(each => ({id: each.id}));
      const read = await companies.batchApi.read({inputs: ids, properties: ['name'], propertiesWithHistory: []});
      assert.equal(read.results.length, 3);
      const changed = await companies.batchApi.update({inputs: ids.map(each => ({...each, properties: {city: 'Oslo'}}))});
      assert.ok(changed.results.every(each => each.properties.city === 'Oslo'));
      const upsert = {inputs: [{idProperty: 'customer_number', id: key, properties: {name: `U ${key}`}}]};
      assert.equal((await companies.batchApi.upsert(upsert)).results[0]._new, true);
      assert.equal((await companies.batchApi.upsert(upsert)).results[0]._new, false);
      await companies.batchApi.archive({inputs: ids});
      const gone = await companies.batchApi.read({inputs: ids, properties: ['name'], propertiesWithHistory: []});
      assert.equal(gone.results.length, 0);
      assert.equal(gone.errors[0].category, 'OBJECT_NOT_FOUND');
    },

    'a batch of creates with trace ids succeeds in part': async () => {
      const mixed = await companies.batchApi.create({inputs: [
        {objectWriteTraceId: 'good', properties: {name: 'Good'}, associations: []},
        {objectWriteTraceId: 'bad', properties: {no_such_property: 'x'}, associations: []}]});
      assert.equal(mixed.results.length, 1);
      assert.equal(mixed.numErrors, 1);
      assert.deepEqual(mixed.errors[0].context.objectWriteTraceId, ['bad']);
      const refused = await failure(companies.batchApi.create({inputs: [
        {properties: {name: 'Good'}, associations: []}, {properties: {no_such_property: 'x'}, associations: []}]}));
      assert.equal(refused.code, 400);
      assert.match(refused.body.message, /PROPERTY_DOESNT_EXIST/);
    },

    'a second contact with the same address is a 409': async () => {
      const email = `${unique()}@example.com`;
      const first = await contacts.basicApi.create({properties: {email}, associations: []});
      const refused = await failure(contacts.basicApi.create({properties: {email}, associations: []}));
      assert.equal(refused.code, 409);
      assert.equal(refused.body.category, 'CONFLICT');
      assert.equal(refused.body.message, `Contact already exists. Existing ID: ${first.id}`);
    },

    'a deal with line items, inline and by association': async () => {
      const company = await companies.basicApi.create({properties: {name: `Buyer ${unique()}`}, associations: []});
      const deal = await deals.basicApi.create({properties: wonDeal('With lines'),
        associations: [{to: {id: company.id}, types: [type('HUBSPOT_DEFINED', 5)]}]});
      const lines = await lineItems.batchApi.create({inputs: [
        {properties: {name: 'A', price: '10.00', quantity: '3', hs_discount_percentage: '10'},
         associations: [{to: {id: deal.id}, types: [type('HUBSPOT_DEFINED', 20)]}]},
        {properties: {name: 'B', price: '5.50', quantity: '2'}, associations: []}]});
      assert.equal(lines.results[0].properties.amount, '27');
      const {basicApi, batchApi} = client.crm.associations.v4;
      await basicApi.createDefault('deals', deal.id, 'line_items', lines.results[1].id);
      const listed = await basicApi.getPage('deals', deal.id, 'line_items', undefined, 500);
      assert.equal(listed.results.length, 2);
      const primary = await basicApi.getPage('deals', deal.id, 'companies');
      assert.deepEqual(primary.results[0].associationTypes.map(each => each.typeId).sort((a, b) => a - b), [5, 341]);
      const read = await deals.basicApi.getById(deal.id, ['dealname'], undefined, ['line_items', 'companies']);
      assert.equal(read.associations['line items'].results.length, 2);
      const many = await batchApi.getPage('deals', 'line_items', {inputs: [{id: deal.id}, {id: '1'}]});
      assert.equal(many.results[0].to.length, 2);
      assert.equal(many.errors.length, 1);
      await basicApi.create('deals', deal.id, 'companies', company.id, [type('HUBSPOT_DEFINED', 341)]);
      await basicApi.archive('deals', deal.id, 'line_items', lines.results[1].id);
      assert.equal((await basicApi.getPage('deals', deal.id, 'line_items')).results.length, 1);
      await batchApi.archive('deals', 'line_items', {inputs: [{_from: {id: deal.id}, to: [{id: lines.results[0].id}]}]});
      assert.equal((await basicApi.getPage('deals', deal.id, 'line_items')).results.length, 0);
    },

    'merged companies answer to their old ids': async () => {
      const a = await companies.basicApi.create({properties: {name: 'A'}, associations: []});
      const b = await companies.basicApi.create({properties: {name: 'B', phone: '1'}, associations: []});
      const merged = await client.crm.companies.basicApi.merge({primaryObjectId: a.id, objectIdToMerge: b.id});
      assert.notEqual(merged.id, a.id);
      assert.equal((await companies.basicApi.getById(b.id, ['phone'])).properties.phone, '1');
      assert.equal((await companies.basicApi.getById(b.id)).id, merged.id);
    },

    'properties can be made, read and archived': async () => {
      const {coreApi, groupsApi, batchApi} = client.crm.properties;
      const name = `p_${unique()}`;
      assert.ok((await groupsApi.getAll('deals')).results.some(each => each.name === 'dealinformation'));
      const made = await coreApi.create('deals', {name, label: 'Reference', type: 'string', fieldType: 'text',
        groupName: 'dealinformation', hasUniqueValue: true});
      assert.equal(made.hasUniqueValue, true);
      assert.equal((await failure(coreApi.create('deals', {name, label: 'x', type: 'string', fieldType: 'text',
        groupName: 'dealinformation'}))).code, 409);
      assert.ok((await coreApi.getAll('deals')).results.some(each => each.name === name));
      assert.equal((await coreApi.getByName('deals', name)).label, 'Reference');
      assert.equal((await coreApi.update('deals', name, {label: 'Ref'})).label, 'Ref');
      await batchApi.archive('deals', {inputs: [{name}]});
      assert.equal((await failure(coreApi.getByName('deals', name))).code, 404);
    },

    'pipelines, stages and owners': async () => {
      const pipelines = await client.crm.pipelines.pipelinesApi.getAll('deals');
      const won = pipelines.results[0].stages.find(each => each.metadata.probability === '1.0');
      assert.equal(won.id, 'closedwon');
      const owners = await client.crm.owners.ownersApi.getPage();
      assert.ok(owners.results.length > 0);
      assert.equal((await client.crm.owners.ownersApi.getById(Number(owners.results[0].id))).email, owners.results[0].email);
    },

    'invoices are objects too': async () => {
      const made = await client.crm.objects.basicApi.create('invoices', {properties: {hs_title: 'I', hs_currency: 'USD'}, associations: []});
      const read = await client.crm.objects.basicApi.getById('invoices', made.id, ['hs_title']);
      assert.equal(read.properties.hs_title, 'I');
    },
  };
}
