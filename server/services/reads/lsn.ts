/**
 * Positions in the write-ahead log as bytes since its beginning
 * (https://www.postgresql.org/docs/current/datatype-pg-lsn.html); exact up to 9 PB.
 */
export const lsnSql = (expression: string) => `pg_wal_lsn_diff(${expression}, '0/0')::float8`;
