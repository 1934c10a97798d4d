// Kysely, with its JSON helper for children.
import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely';
import { jsonArrayFrom } from 'kysely/helpers/postgres';

export const name = 'Kysely';

export async function open(pg) {
  const db = new Kysely({ dialect: new PostgresDialect({ pool: new pg.Pool({ max: 1 }) }), plugins: [new CamelCasePlugin()] });
  const customers = () => db.selectFrom('customers').selectAll();
  const nested = () => customers().select((eb) =>
    jsonArrayFrom(eb.selectFrom('orders').selectAll().whereRef('orders.customerId', '=', 'customers.id')).as('orders'));
  const insert = (trx, q) => trx.insertInto('customers').values(q.customer).returningAll().executeTakeFirst();
  const change = (trx, q) => trx.updateTable('customers').set({ name: q.name }).where('id', '=', q.id).returningAll().executeTakeFirst();
  const save = (trx, q) => trx.insertInto('customers').values({ id: q.id, email: q.email, name: q.name })
    .onConflict((oc) => oc.column('id').doUpdateSet({ name: q.name })).returningAll().executeTakeFirst();
  return {
    close: () => db.destroy(),
    findMany: () => customers().orderBy('id').execute(),
    findManyPage: () => customers().where('isActive', '=', true).orderBy('createdAt', 'desc').limit(10).execute(),
    findManyNested: () => nested().orderBy('id').execute(),
    findFirst: () => customers().where('isActive', '=', true).orderBy('id').limit(1).executeTakeFirst(),
    findFirstNested: () => nested().where('isActive', '=', true).orderBy('id').limit(1).executeTakeFirst(),
    findUnique: (q) => customers().where('id', '=', q.id).executeTakeFirst(),
    findUniqueNested: (q) => nested().where('id', '=', q.id).executeTakeFirst(),
    create: (q) => insert(db, q),
    createNested: (q) => db.transaction().execute(async (trx) => {
      const customer = await insert(trx, q);
      customer.orders = await trx.insertInto('orders').values({ ...q.order, customerId: customer.id }).returningAll().execute();
      return customer;
    }),
    update: (q) => change(db, q),
    updateNested: (q) => db.transaction().execute(async (trx) => {
      const customer = await change(trx, q);
      customer.orders = await trx.updateTable('orders').set({ totalAmount: q.amount }).where('id', '=', q.orderId).returningAll().execute();
      return customer;
    }),
    upsert: (q) => save(db, q),
    upsertNested: (q) => db.transaction().execute(async (trx) => {
      const customer = await save(trx, q);
      customer.orders = await trx.insertInto('orders').values({ id: q.orderId, ...q.order, totalAmount: q.amount, customerId: q.id })
        .onConflict((oc) => oc.column('id').doUpdateSet({ totalAmount: q.amount })).returningAll().execute();
      return customer;
    }),
    delete: (q) => db.deleteFrom('customers').where('id', '=', q.newId).returningAll().executeTakeFirst(),
  };
}
