// The built-in models as Sequelize sees them, over the same tables.
import { DataTypes, Sequelize } from 'sequelize';

export async function openModels() {
  const { PGDATABASE, PGUSER, PGHOST, PGPORT } = process.env;
  const sequelize = new Sequelize(PGDATABASE, PGUSER, '', {
    dialect: 'postgres', host: PGHOST, port: Number(PGPORT), logging: false, pool: { min: 1, max: 1 },
    define: { underscored: true },
  });
  const Student = sequelize.define('Student', { name: DataTypes.STRING, cohort: DataTypes.STRING, email: DataTypes.STRING });
  const User = sequelize.define('User', { name: DataTypes.STRING, email: DataTypes.STRING });
  const Post = sequelize.define('Post', { title: DataTypes.STRING, body: DataTypes.TEXT });

  User.hasMany(Post, { foreignKey: 'userId' });
  Post.belongsTo(User, { foreignKey: 'userId' });
  return { Student, User, Post, close: () => sequelize.close() };
}
