/** What the Network Information API tells, where a browser has it. */
interface Connection {
  saveData?: boolean;
  effectiveType?: string;
}

const connection = () => (navigator as { connection?: Connection }).connection;

/** Whether the visitor has told the browser to load no more than needed. */
export const savesData = (): boolean => connection()?.saveData === true;

/** Whether megabytes should wait for the visitor's word. */
export const isSlowNetwork = (): boolean => savesData() || /2g|3g/.test(connection()?.effectiveType ?? "");
