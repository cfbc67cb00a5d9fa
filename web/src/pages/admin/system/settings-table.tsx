import { useState } from "react";
import type { SystemInfo } from "../../../../../server/contract/system.ts";
import { Check, Field } from "../../../components/field.tsx";
import { useSystemI18n } from "./use-system-i18n.ts";

type Setting = SystemInfo["settings"][number];

function SettingValue({ setting: { value, isSecret, isSet } }: { setting: Setting }) {
  const { s } = useSystemI18n();
  if (isSecret) return <span className="sys-quiet">{s(isSet ? "settings.secret" : "settings.unset")}</span>;
  if (value === null || value === "") return <span className="sys-quiet">{s("settings.unset")}</span>;
  return <code>{value}</code>;
}

/** Every setting that this process was started with; secrets only as set or not. */
export function SettingsTable({ settings }: { settings: readonly Setting[] }) {
  const { s } = useSystemI18n();
  const [text, setText] = useState("");
  const [onlyChanged, setOnlyChanged] = useState(false);
  const wanted = text.trim().toLowerCase();
  const found = settings.filter(
    ({ name, value, isSet }) =>
      (!onlyChanged || isSet) && `${name} ${value ?? ""}`.toLowerCase().includes(wanted),
  );
  return (
    <>
      <search className="sys-filters">
        <Field label={s("settings.search")}>
          {(control) => (
            <input
              {...control}
              type="search"
              autoComplete="off"
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        <Check label={s("settings.onlyChanged")} checked={onlyChanged} onChange={setOnlyChanged} />
      </search>
      <p role="status" className="sys-quiet">
        {s("settings.found", { count: found.length })}
      </p>
      <dl className="sys-facts">
        {found.map((setting) => (
          <div key={setting.name}>
            <dt>
              <code>{setting.name}</code>{" "}
              {setting.isSet && (
                <span className="sys-mark" data-tone="accent">
                  {s("settings.changed")}
                </span>
              )}{" "}
              {setting.isFromFile && <span className="sys-mark">{s("settings.fromFile")}</span>}
            </dt>
            <dd>
              <SettingValue setting={setting} />
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
