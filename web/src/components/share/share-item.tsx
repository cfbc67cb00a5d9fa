import { ExternalLink, QrCode, Trash2 } from "lucide-react";
import { useId, useState } from "react";
import type { Share } from "../../../../server/contract/share.ts";
import { formatDay } from "../../i18n/format.ts";
import { qrImageUrl } from "../../share/qr.ts";
import { Button, buttonClass } from "../button.tsx";
import { CopyButton } from "./copy-button.tsx";
import styles from "./share.module.css";
import { useSharingI18n } from "./use-sharing-i18n.ts";

/** One link: its address to copy or scan, until when it works, and its end. */
export function ShareItem({ share, onRevoke }: { share: Share; onRevoke: () => void }) {
  const { s, language } = useSharingI18n();
  const id = useId();
  const [qr, setQr] = useState(false);
  const day = share.expiresAt && formatDay(share.expiresAt, language);
  const end = share.expired ? s("expired", { day: day ?? "" }) : day ? s("until", { day }) : s("noEnd");
  return (
    <li className={styles.item}>
      {!share.expired && (
        <div className={styles.row}>
          <input
            className={styles.url}
            aria-label={s("link")}
            aria-describedby={id}
            readOnly
            value={share.url}
            onFocus={(event) => event.target.select()}
          />
          <CopyButton text={share.url} label={s("copy")} />
        </div>
      )}
      <p id={id} className={styles.soft}>
        {end} · {s("opens", { count: share.opens })}
      </p>
      {qr && (
        <img className={styles.qr} src={qrImageUrl(share.url)} alt={s("qrAlt")} width={192} height={192} />
      )}
      <div className={styles.row}>
        {!share.expired && (
          <>
            <Button variant="quiet" aria-expanded={qr} onClick={() => setQr(!qr)}>
              <QrCode size={18} aria-hidden /> {s(qr ? "qrHide" : "qr")}
            </Button>
            <a href={share.url} target="_blank" rel="noopener" className={buttonClass("quiet")}>
              <ExternalLink size={18} aria-hidden /> {s("open")}
            </a>
          </>
        )}
        <Button variant="quiet" className={styles.revoke} onClick={onRevoke}>
          <Trash2 size={18} aria-hidden /> {s("revoke")}
        </Button>
      </div>
    </li>
  );
}
