import type { z } from "zod";
import type { CacheCleared, CacheStats, CacheWarmedUp } from "../../../server/contract/cache.ts";
import type { LogLevel, LogLevelName, LogTail } from "../../../server/contract/logs.ts";
import type { Maintenance } from "../../../server/contract/maintenance.ts";
import type {
  AlertPage,
  HealthCheckAnswer,
  HealthHistory,
  MonitoredService,
  MonitorState,
  SystemHealth,
} from "../../../server/contract/monitor.ts";
import type {
  OrphanReport,
  ProcessName,
  SystemInfo,
  SystemProcesses,
  SystemStats,
} from "../../../server/contract/system.ts";
import { query, request } from "./client.ts";

const SYSTEM = "/api/system";

const get = <T>(path: string, signal?: AbortSignal): Promise<T> =>
  request(`${SYSTEM}${path}`, signal ? { signal } : {});

const post = <T>(path: string, body: object = {}): Promise<T> =>
  request(`${SYSTEM}${path}`, { method: "POST", body });

export type ProcessList = z.infer<typeof SystemProcesses>;

export const getHealth = (signal?: AbortSignal) => get<SystemHealth>("/health", signal);

export const getHealthHistory = (service: MonitoredService, hours: number, signal?: AbortSignal) =>
  get<z.infer<typeof HealthHistory>>(`/health/${service}${query({ hours })}`, signal);

/** Looks at all services now. */
export const checkHealth = () => post<z.infer<typeof HealthCheckAnswer>>("/health/check");

export const switchMonitor = (isOn: boolean) =>
  post<z.infer<typeof MonitorState>>(`/monitoring/${isOn ? "start" : "stop"}`);

/** Alerts that are over, the newest first. */
export const listPastAlerts = (cursor: string | null, signal?: AbortSignal) =>
  get<z.infer<typeof AlertPage>>(`/alerts${query({ state: "resolved", limit: 20, cursor })}`, signal);

export const getSystemInfo = (signal?: AbortSignal) => get<SystemInfo>("/info", signal);

export const getSystemStats = (signal?: AbortSignal) => get<SystemStats>("/stats", signal);

export const listProcesses = (signal?: AbortSignal) => get<ProcessList>("/processes", signal);

export const switchProcess = (name: ProcessName, isOn: boolean) =>
  post<unknown>(`/processes/${name}/${isOn ? "start" : "stop"}`);

/** Looks for files without records and records without files; with `remove` the former are gone afterwards. */
export const sweepOrphans = (remove: boolean) => post<OrphanReport>("/orphans", { remove });

export const getMaintenance = (signal?: AbortSignal) => get<Maintenance>("/maintenance", signal);

export const setMaintenance = (body: Maintenance): Promise<Maintenance> =>
  request(`${SYSTEM}/maintenance`, { method: "PUT", body });

export const getCacheStats = (signal?: AbortSignal) => get<CacheStats>("/cache/stats", signal);

export const clearCache = (pattern: string) =>
  post<z.infer<typeof CacheCleared>>("/cache/clear", { pattern });

export const warmUpCache = () => post<z.infer<typeof CacheWarmedUp>>("/cache/warm-up");

export const getLogLevel = (signal?: AbortSignal) => get<LogLevel>("/log-level", signal);

/** Null: as the settings say. */
export const setLogLevel = (level: LogLevelName | null): Promise<LogLevel> =>
  request(`${SYSTEM}/log-level`, { method: "PUT", body: { level } });

export const readLog = (
  { lines, level, q }: { lines: number; level: LogLevelName; q: string },
  signal?: AbortSignal,
) => get<LogTail>(`/logs${query({ lines, level, q })}`, signal);
