// Prisma, through its adapter of node-postgres; test/bench/peers/install makes the client.
import { PrismaPg } from '@prisma/adapter-pg';
import prisma from './generated/index.js';

export const name = 'Prisma';

export async function open() {
  const { PGHOST, PGPORT, PGUSER, PGDATABASE } = process.env;
  const db = new prisma.PrismaClient({ adapter: new PrismaPg({ host: PGHOST, port: Number(PGPORT), user: PGUSER, database: PGDATABASE, max: 1 }) });
  const active = { where: { isActive: true }, orderBy: { id: 'asc' } };
  const orders = { include: { orders: true } };
  const byId = (q) => ({ where: { id: q.id } });
  return {
    close: () => db.$disconnect(),
    findMany: () => db.customer.findMany({ orderBy: { id: 'asc' } }),
    findManyPage: () => db.customer.findMany({ where: active.where, orderBy: { createdAt: 'desc' }, take: 10 }),
    findManyNested: () => db.customer.findMany({ orderBy: { id: 'asc' }, ...orders }),
    findFirst: () => db.customer.findFirst(active),
    findFirstNested: () => db.customer.findFirst({ ...active, ...orders }),
    findUnique: (q) => db.customer.findUnique(byId(q)),
    findUniqueNested: (q) => db.customer.findUnique({ ...byId(q), ...orders }),
    create: (q) => db.customer.create({ data: q.customer }),
    createNested: (q) => db.customer.create({ data: { ...q.customer, orders: { create: q.order } }, ...orders }),
    update: (q) => db.customer.update({ ...byId(q), data: { name: q.name } }),
    updateNested: (q) => db.customer.update({ ...byId(q), data: { name: q.name, orders: { update: { where: { id: q.orderId }, data: { totalAmount: q.amount } } } } }),
    upsert: (q) => db.customer.upsert({ ...byId(q), update: { name: q.name }, create: { email: q.email, name: q.name } }),
    upsertNested: (q) => db.customer.upsert({ ...byId(q), create: { email: q.email, name: q.name },
      update: { name: q.name, orders: { upsert: { where: { id: q.orderId }, update: { totalAmount: q.amount }, create: q.order } } } }),
    delete: (q) => db.customer.delete({ where: { id: q.newId } }),
  };
}
