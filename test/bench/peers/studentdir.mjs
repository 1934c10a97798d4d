// One call each; records arrive as JSON text, and are parsed where objects are asked for.
const asText = { getTypeParser: () => (value) => value };

export const name = 'studentdir';

export async function open(pg) {
  const client = new pg.Client();
  await client.connect();
  async function texts(label, text, values) {
    const { rows } = await client.query({ name: label, text, values, rowMode: 'array', types: asText });
    return rows;
  }
  const one = (label, text) => async (values, parse) => {
    const [[record]] = await texts(label, text, values);
    return parse ? JSON.parse(record) : record;
  };
  const many = (label, text) => async (values, parse) => {
    const array = `[${(await texts(label, text, values)).join()}]`;
    return parse ? JSON.parse(array) : array;
  };
  const both = (label, text) => async (values, parse) => {
    const [[a, b]] = await texts(label, text, values);
    return parse ? { ...JSON.parse(a), orders: JSON.parse(b) } : `{"customer":${a},"orders":${b}}`;
  };
  const find = (label, options) => many(label, `SELECT studentdir.find_all('Customer', '${options}')`);
  const first = (label, options) => one(label, `SELECT studentdir.find_one('Customer', '${options}')`);
  const all = find('all', '{"order":["id"]}');
  const page = find('page', '{"where":{"isActive":true},"order":[["createdAt","DESC"]],"limit":10}');
  const nested = find('nested', '{"order":["id"],"include":"orders"}');
  const one1 = first('first', '{"where":{"isActive":true},"order":["id"]}');
  const one2 = first('first2', '{"where":{"isActive":true},"order":["id"],"include":"orders"}');
  const unique = one('unique', "SELECT studentdir.find_by_pk('Customer', $1::bigint)");
  const unique2 = one('unique2', `SELECT studentdir.find_by_pk('Customer', $1::bigint, '{"include":"orders"}')`);
  const create = one('create', "SELECT studentdir.create('Customer', $1)");
  const create2 = one('create2', `SELECT studentdir.create('Customer', $1, '{"include":"orders"}')`);
  const update = one('update', "SELECT studentdir.update_by_pk('Customer', $1::bigint, $2)");
  const update2 = both('update2', "SELECT studentdir.update_by_pk('Customer', $1::bigint, $2), studentdir.update_by_pk('Order', $3::bigint, $4)");
  const upsert = one('upsert', "SELECT record FROM studentdir.upsert('Customer', $1)");
  const upsert2 = both('upsert2', "SELECT c.record, o.record FROM studentdir.upsert('Customer', $1) c, studentdir.upsert('Order', $2) o");
  const remove = one('delete', "SELECT to_json(studentdir.destroy_by_pk('Customer', $1::bigint))");
  return {
    close: () => client.end(),
    findMany: (q, parse) => all([], parse),
    findManyPage: (q, parse) => page([], parse),
    findManyNested: (q, parse) => nested([], parse),
    findFirst: (q, parse) => one1([], parse),
    findFirstNested: (q, parse) => one2([], parse),
    findUnique: (q, parse) => unique([q.id], parse),
    findUniqueNested: (q, parse) => unique2([q.id], parse),
    create: (q, parse) => create([JSON.stringify(q.customer)], parse),
    createNested: (q, parse) => create2([JSON.stringify({ ...q.customer, orders: [q.order] })], parse),
    update: (q, parse) => update([q.id, JSON.stringify({ name: q.name })], parse),
    updateNested: (q, parse) => update2([q.id, JSON.stringify({ name: q.name }), q.orderId, JSON.stringify({ totalAmount: q.amount })], parse),
    upsert: (q, parse) => upsert([JSON.stringify({ id: q.id, email: q.email, name: q.name })], parse),
    upsertNested: (q, parse) => upsert2([JSON.stringify({ id: q.id, email: q.email, name: q.name }),
      JSON.stringify({ id: q.orderId, ...q.order, customerId: q.id, totalAmount: q.amount })], parse),
    delete: (q, parse) => remove([q.newId], parse),
  };
}
