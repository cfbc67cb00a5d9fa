import type { Sequelize } from "sequelize";

/** What Sequelize keeps of its connections (sequelize-pool). */
interface Pool {
  /** Open connections. */
  size: number;
  using: number;
  /** Callers that wait for a connection. */
  waiting: number;
  maxSize: number;
}

/** The connections of this process to the database. */
export const poolUse = (sequelize: Sequelize): Pool =>
  (sequelize.connectionManager as unknown as { pool: Pool }).pool;
