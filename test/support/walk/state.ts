import { cp, readdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import { QueryTypes, type Sequelize } from "sequelize";

/** Tables that change by themselves or with every request, and the log that may only grow. */
const LIVELY =
  /^(audit_log|rate_|sign_in_|SequelizeMeta|schema_migrations|provider_(limits|outcomes|permits))/;
/** Columns that any use of a thing changes. */
const LIVELY_COLUMNS = "'{last_used_at,last_sign_in_at,opens}'::text[]";
const COPIES = "kept_copies";

/** All rows and files of a test app: to see that nothing changed, and to put everything back. */
export async function watchState(sequelize: Sequelize, uploads: string) {
  const ask = <T extends object>(sql: string) => sequelize.query<T>(sql, { type: QueryTypes.SELECT });
  const tables = (
    await ask<{ name: string; columns: string }>(
      `SELECT c.table_name AS name, string_agg(quote_ident(c.column_name), ', ') AS columns
         FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
        WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER'
        GROUP BY c.table_name ORDER BY 1`,
    )
  ).filter(({ name }) => !LIVELY.test(name));
  const digests = tables.map(
    ({ name }) =>
      `SELECT '${name}' AS name, md5(string_agg(row, '|' ORDER BY row)) AS digest
         FROM (SELECT (to_jsonb(t) - ${LIVELY_COLUMNS})::text AS row FROM "${name}" t) rows`,
  );

  let kept: Record<string, string | null> = {};
  const keptFiles = path.join(uploads, "../kept-files");

  async function filesOf(folder: string): Promise<string[]> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && !entry.parentPath.includes("/temp"));
    const names = files.map(({ parentPath, name }) => path.join(parentPath, name));
    return Promise.all(
      names.map(async (name) => `${path.relative(folder, name)} ${(await stat(name)).size}`),
    );
  }

  /** A digest of each table, and the names of the files. */
  async function read(): Promise<Record<string, string | null>> {
    const rows = await ask<{ name: string; digest: string | null }>(digests.join(" UNION ALL "));
    const files = (await filesOf(uploads)).sort().join(" ");
    return { ...Object.fromEntries(rows.map(({ name, digest }) => [name, digest])), files };
  }

  /** What is otherwise than it was kept: names of tables, or `files`. */
  async function changed(): Promise<string[]> {
    const now = await read();
    return Object.keys({ ...kept, ...now }).filter((name) => now[name] !== kept[name]);
  }

  return {
    changed,
    /** What is there now is what `restore` puts back. */
    async keep(): Promise<void> {
      const copies = tables.map(({ name }) => `CREATE TABLE ${COPIES}."${name}" AS SELECT * FROM "${name}"`);
      await sequelize.query(
        `DROP SCHEMA IF EXISTS ${COPIES} CASCADE; CREATE SCHEMA ${COPIES}; ${copies.join("; ")}`,
      );
      await rm(keptFiles, { recursive: true, force: true });
      await cp(uploads, keptFiles, { recursive: true });
      kept = await read();
    },
    async restore(): Promise<void> {
      const names = new Set(await changed());
      if (names.size === 0) return;
      const back = tables
        .filter(({ name }) => names.has(name))
        .map(
          ({ name, columns }) =>
            `DELETE FROM "${name}"; INSERT INTO "${name}" (${columns}) OVERRIDING SYSTEM VALUE SELECT ${columns} FROM ${COPIES}."${name}"`,
        );
      // No trigger and no foreign key minds the order.
      await sequelize.query(
        `BEGIN; SET LOCAL session_replication_role = replica; ${back.join("; ")}; COMMIT`,
      );
      if (!names.has("files")) return;
      const before = new Set(await filesOf(keptFiles));
      const now = new Set(await filesOf(uploads));
      const nameOf = (file: string) => file.replace(/ \d+$/, "");
      for (const file of now.difference(before)) await rm(path.join(uploads, nameOf(file)));
      for (const file of before.difference(now)) {
        await cp(path.join(keptFiles, nameOf(file)), path.join(uploads, nameOf(file)));
      }
    },
  };
}

export type State = Awaited<ReturnType<typeof watchState>>;
