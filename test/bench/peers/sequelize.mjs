// Sequelize 6.
import { DataTypes, Sequelize } from 'sequelize';

export const name = 'Sequelize';

export async function open() {
  const { PGHOST, PGPORT, PGUSER, PGDATABASE } = process.env;
  const db = new Sequelize(PGDATABASE, PGUSER, '', {
    dialect: 'postgres', host: PGHOST, port: Number(PGPORT), logging: false, pool: { min: 1, max: 1 }, define: { underscored: true, updatedAt: false },
  });
  const Customer = db.define('customer', { name: DataTypes.TEXT, email: DataTypes.TEXT, isActive: DataTypes.BOOLEAN });
  const Order = db.define('order', { date: DataTypes.DATE, totalAmount: DataTypes.DECIMAL });
  Customer.hasMany(Order, { foreignKey: 'customerId', as: 'orders' });
  Order.belongsTo(Customer, { foreignKey: 'customerId', as: 'customer' });
  const active = { where: { isActive: true }, order: ['id'] };
  const include = 'orders';
  const change = async (q, transaction) => (await Customer.update({ name: q.name }, { where: { id: q.id }, returning: true, transaction }))[1][0];
  const save = async (q, transaction) => (await Customer.upsert({ id: q.id, email: q.email, name: q.name }, { fields: ['name'], returning: true, transaction }))[0];
  return {
    close: () => db.close(),
    findMany: () => Customer.findAll({ order: ['id'] }),
    findManyPage: () => Customer.findAll({ where: active.where, order: [['createdAt', 'DESC']], limit: 10 }),
    findManyNested: () => Customer.findAll({ order: ['id'], include }),
    findFirst: () => Customer.findOne(active),
    findFirstNested: () => Customer.findOne({ ...active, include }),
    findUnique: (q) => Customer.findByPk(q.id),
    findUniqueNested: (q) => Customer.findByPk(q.id, { include }),
    create: (q) => Customer.create(q.customer),
    createNested: (q) => db.transaction((transaction) => Customer.create({ ...q.customer, orders: [q.order] }, { include, transaction })),
    update: (q) => change(q),
    updateNested: (q) => db.transaction(async (transaction) => {
      const customer = await change(q, transaction);
      const [, orders] = await Order.update({ totalAmount: q.amount }, { where: { id: q.orderId }, returning: true, transaction });
      return { customer, orders };
    }),
    upsert: (q) => save(q),
    upsertNested: (q) => db.transaction(async (transaction) => {
      const customer = await save(q, transaction);
      const [order] = await Order.upsert({ id: q.orderId, ...q.order, totalAmount: q.amount, customerId: q.id }, { fields: ['totalAmount'], returning: true, transaction });
      return { customer, orders: [order] };
    }),
    delete: (q) => Customer.destroy({ where: { id: q.newId } }),
  };
}
