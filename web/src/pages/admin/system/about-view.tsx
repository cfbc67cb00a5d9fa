import type { SystemInfo } from "../../../../../server/contract/system.ts";
import { formatBytes, formatDuration } from "../../../i18n/format.ts";
import { AccountCard } from "../../account/account-card.tsx";
import { CopyText } from "../../account/copy-text.tsx";
import { Figures } from "./figures.tsx";
import { Loaded } from "./loaded.tsx";
import { MeterBar } from "./meter-bar.tsx";
import { SettingsTable } from "./settings-table.tsx";
import { useSystemInfo } from "./system-queries.ts";
import { settingNumber } from "./thresholds.ts";
import { useSystemI18n } from "./use-system-i18n.ts";

const SHORT_COMMIT = 10;

function Build({ info }: { info: SystemInfo }) {
  const { s, language } = useSystemI18n();
  const { version, commit, uptime, startedAt, database, store } = info;
  const size = (bytes: number) => formatBytes(bytes, language);
  const started = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
  const used = store.totalBytes > 0 ? 1 - store.freeBytes / store.totalBytes : 0;
  const limit = settingNumber(info, "ALERT_THRESHOLD_DISK_PERCENT") ?? 90;
  return (
    <>
      <Figures
        items={[
          { label: s("about.version"), value: version },
          {
            label: s("about.uptime"),
            value: formatDuration(uptime, language),
            hint: s("about.started", { time: started.format(new Date(startedAt)) }),
          },
          {
            label: s("about.database"),
            value: size(database.bytes),
            hint: `PostgreSQL ${database.version}${database.isEmbedded ? `, ${s("about.embedded")}` : ""}`,
          },
        ]}
      />
      <MeterBar
        label={s(store.bucket ? "about.work" : "about.store")}
        share={used}
        words={s("about.storeFree", { free: size(store.freeBytes), total: size(store.totalBytes) })}
        tone={used * 100 >= limit ? "bad" : used * 100 >= limit - 10 ? "warn" : "plain"}
      />
      <dl className="sys-facts">
        {store.bucket && (
          <div>
            <dt>{s("about.bucket")}</dt>
            <dd>
              <code>{store.bucket}</code>
            </dd>
          </div>
        )}
        <div>
          <dt>{s("about.commit")}</dt>
          <dd>
            {commit ? (
              <>
                <code>{commit.slice(0, SHORT_COMMIT)}</code>
                <CopyText text={commit} label={s("about.copyCommit")} />
              </>
            ) : (
              s("about.noCommit")
            )}
          </dd>
        </div>
        <div>
          <dt>Node.js</dt>
          <dd>
            {info.node}, {info.platform}
          </dd>
        </div>
        <div>
          <dt>{s("about.process")}</dt>
          <dd>
            <code>{info.process}</code>
          </dd>
        </div>
      </dl>
    </>
  );
}

/** What runs here, since when, and with which settings. */
export function AboutView() {
  const { s } = useSystemI18n();
  const info = useSystemInfo();
  return (
    <Loaded query={info} failed={s("about.failed")}>
      {(data) => (
        <>
          <AccountCard heading={s("about.heading")}>
            <Build info={data} />
          </AccountCard>
          <AccountCard heading={s("settings.heading")} lead={s("settings.lead")}>
            <SettingsTable settings={data.settings} />
          </AccountCard>
        </>
      )}
    </Loaded>
  );
}
