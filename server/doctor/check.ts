import type { Sequelize } from "sequelize";
import type { Config } from "../config.ts";
import type { Records } from "../models/records.ts";

/** What a check found. A problem keeps the product from working as it should; a warning may be meant so. */
export interface Finding {
  status: "ok" | "warning" | "problem" | "skipped";
  message: string;
  /** What to do; with every warning and problem. */
  cure?: string;
}

/** What the checks look at. */
export interface Patient {
  config: Config;
  /** What the settings themselves have to say. */
  warnings: readonly string[];
  /** Null where the database can't be reached, which its own check says. */
  database: { sequelize: Sequelize; records: Records; isMigrated: boolean } | null;
  /** Why not. */
  databaseError: unknown;
}

/** One part of the report. What it throws counts as a problem. */
export interface Check {
  name: string;
  run(patient: Patient): Promise<Finding[]> | Finding[];
}

export const ok = (message: string): Finding => ({ status: "ok", message });
export const skipped = (message: string): Finding => ({ status: "skipped", message });
export const warning = (message: string, cure: string): Finding => ({ status: "warning", message, cure });
export const problem = (message: string, cure: string): Finding => ({ status: "problem", message, cure });

/** For a check that can't look without the database. */
export const NO_DATABASE = skipped("Not looked at, for the database is away or not migrated.");
