// Drizzle, with its relational queries.
import { desc, eq, relations } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { boolean, integer, numeric, pgTable, serial, text, timestamp } from 'drizzle-orm/pg-core';

export const name = 'Drizzle';

const at = { precision: 3, withTimezone: true };
const customers = pgTable('customers', {
  id: serial('id').primaryKey(), createdAt: timestamp('created_at', at).notNull().defaultNow(), name: text('name'),
  email: text('email').notNull().unique(), isActive: boolean('is_active').notNull().default(false),
});
const orders = pgTable('orders', {
  id: serial('id').primaryKey(), createdAt: timestamp('created_at', at).notNull().defaultNow(), date: timestamp('date', at).notNull(),
  totalAmount: numeric('total_amount').notNull(), customerId: integer('customer_id').notNull(),
});
const ofCustomer = relations(customers, ({ many }) => ({ orders: many(orders) }));
const ofOrder = relations(orders, ({ one }) => ({ customer: one(customers, { fields: [orders.customerId], references: [customers.id] }) }));

export async function open(pg) {
  const pool = new pg.Pool({ max: 1 });
  const db = drizzle(pool, { schema: { customers, orders, ofCustomer, ofOrder } });
  const find = db.query.customers;
  const active = { where: eq(customers.isActive, true), orderBy: customers.id };
  const order = (q) => ({ date: new Date(q.order.date), totalAmount: String(q.order.totalAmount) });
  const insert = async (tx, q) => (await tx.insert(customers).values(q.customer).returning())[0];
  const change = async (tx, q) => (await tx.update(customers).set({ name: q.name }).where(eq(customers.id, q.id)).returning())[0];
  const save = async (tx, q) => (await tx.insert(customers).values({ id: q.id, email: q.email, name: q.name })
    .onConflictDoUpdate({ target: customers.id, set: { name: q.name } }).returning())[0];
  return {
    close: () => pool.end(),
    findMany: () => find.findMany({ orderBy: customers.id }),
    findManyPage: () => find.findMany({ where: active.where, orderBy: desc(customers.createdAt), limit: 10 }),
    findManyNested: () => find.findMany({ orderBy: customers.id, with: { orders: true } }),
    findFirst: () => find.findFirst(active),
    findFirstNested: () => find.findFirst({ ...active, with: { orders: true } }),
    findUnique: (q) => find.findFirst({ where: eq(customers.id, q.id) }),
    findUniqueNested: (q) => find.findFirst({ where: eq(customers.id, q.id), with: { orders: true } }),
    create: (q) => insert(db, q),
    createNested: (q) => db.transaction(async (tx) => {
      const customer = await insert(tx, q);
      customer.orders = await tx.insert(orders).values({ ...order(q), customerId: customer.id }).returning();
      return customer;
    }),
    update: (q) => change(db, q),
    updateNested: (q) => db.transaction(async (tx) => {
      const customer = await change(tx, q);
      customer.orders = await tx.update(orders).set({ totalAmount: String(q.amount) }).where(eq(orders.id, q.orderId)).returning();
      return customer;
    }),
    upsert: (q) => save(db, q),
    upsertNested: (q) => db.transaction(async (tx) => {
      const customer = await save(tx, q);
      customer.orders = await tx.insert(orders).values({ ...order(q), id: q.orderId, totalAmount: String(q.amount), customerId: q.id })
        .onConflictDoUpdate({ target: orders.id, set: { totalAmount: String(q.amount) } }).returning();
      return customer;
    }),
    delete: async (q) => (await db.delete(customers).where(eq(customers.id, q.newId)).returning())[0],
  };
}
