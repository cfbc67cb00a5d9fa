import { Gauge, type Registry } from "prom-client";
import type { Sequelize } from "sequelize";

/** What Sequelize keeps of its connections (sequelize-pool). */
interface Pool {
  /** Open connections. */
  size: number;
  using: number;
  available: number;
  /** Callers that wait for a connection. */
  waiting: number;
  maxSize: number;
}

/** Connections of this process to the database. */
export function databasePoolMetrics(registry: Registry, sequelize: Sequelize): void {
  const { pool } = sequelize.connectionManager as unknown as { pool: Pool };
  const registers = [registry];
  new Gauge({
    name: "photo_to_3d_database_pool_connections",
    help: "Open connections of this process to the database: in use and idle.",
    labelNames: ["state"],
    registers,
    collect() {
      this.set({ state: "in_use" }, pool.using);
      this.set({ state: "idle" }, pool.available);
    },
  });
  new Gauge({
    name: "photo_to_3d_database_pool_connections_max",
    help: "Most connections that this process opens.",
    registers,
    collect() {
      this.set(pool.maxSize);
    },
  });
  new Gauge({
    name: "photo_to_3d_database_pool_waiting",
    help: "Callers in this process that wait for a connection.",
    registers,
    collect() {
      this.set(pool.waiting);
    },
  });
}
