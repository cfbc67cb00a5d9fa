import { Link } from "wouter";
import type { Money, Price } from "../../../../server/contract/provider.ts";
import { accountPaths } from "../../account-paths.ts";
import { PauseNotice } from "../../components/money/pause-notice.tsx";
import { formatRoubles, type MoneyTranslate, useMoneyI18n } from "../../components/money/use-money-i18n.ts";
import { Notice } from "../../components/notice.tsx";
import type { Language } from "../../hooks/settings.ts";
import { formatTime } from "../../i18n/format.ts";
import { hasAccounts } from "../../session/has-accounts.ts";
import type { Engine, ModelOptions } from "./model-options.ts";
import styles from "./options-panel.module.css";

interface MoneyPanelProps {
  engine: Engine;
  options: ModelOptions;
  /** Photos that would be sent now. */
  count: number;
}

/** How many more models the day allows; Infinity without a limit. */
function modelsLeft({ left }: Money, price: Price | null): number {
  const byRoubles = left.roubles === null || !price?.roubles ? Infinity : left.roubles / price.roubles;
  return Math.floor(Math.min(byRoubles, left.generations ?? Infinity));
}

function costLines(price: Price | null, count: number, m: MoneyTranslate, language: Language): string {
  if (!price) return m("price.none");
  const roubles = (value: number) => formatRoubles(value, language);
  const source = price.source === "free" ? "setting" : price.source;
  const each = m(`price.${source}`, { price: roubles(price.roubles) });
  return count > 1 ? `${each} ${m("total", { count, price: roubles(price.roubles * count) })}` : each;
}

/** What the models will cost, what is left of the day's limit, and what was spent. Nothing where it is free. */
export default function MoneyPanel({ engine: { provider, network }, options, count }: MoneyPanelProps) {
  const { m, language } = useMoneyI18n();
  const { money, balanceRoubles, pause } = provider;
  if (!money) return null;
  const roubles = (value: number) => formatRoubles(value, language);
  const price = network.prices[options.preset] ?? null;
  const { left, today, month } = money;
  const enough = modelsLeft(money, price);
  const time = formatTime(money.resetsAt, language);

  return (
    <div className={styles.moneyPanel}>
      {pause && <PauseNotice provider={provider.id} pause={pause} small={m("waits")} />}
      {enough === 0 ? (
        <Notice tone="warn" role="status" title={m("usedUp")}>
          {m("usedUpHint", { time })}
        </Notice>
      ) : (
        enough < count && (
          <Notice tone="warn" role="status" title={m("notForAll")}>
            {m("notForAllHint", { count: enough, time })}
          </Notice>
        )
      )}
      {hasAccounts && provider.keySource && (
        <p>
          {m(`pays.${provider.keySource}`)}{" "}
          {provider.keySource === "service" && <Link href={accountPaths.keys}>{m("useOwn")}</Link>}
        </p>
      )}
      <p>{costLines(price, count, m, language)}</p>
      <p>
        {[
          left.roubles !== null && m("leftRoubles", { roubles: roubles(left.roubles) }),
          left.generations !== null && m("leftModels", { count: left.generations }),
          balanceRoubles === null ? m("noBalance") : m("balance", { balance: roubles(balanceRoubles) }),
        ]
          .filter(Boolean)
          .join(" ")}
      </p>
      <p>{m("spent", { today: roubles(today.roubles), month: roubles(month.roubles) })}</p>
    </div>
  );
}
