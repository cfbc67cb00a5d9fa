/** What of the browser this needs. */
interface Surroundings {
  isOnline(): boolean;
  /** Resolves when the browser next says that it has a network. */
  whenOnline(): Promise<void>;
  reload(): void;
}

const browser: Surroundings = {
  isOnline: () => navigator.onLine,
  whenOnline: () =>
    new Promise((resolve) => window.addEventListener("online", () => resolve(), { once: true })),
  reload: () => window.location.reload(),
};

/**
 * Fetches a view's code. Without a network it waits for one and tries again, so that the view opens by itself; where
 * the browser remembers that the file failed, as Chromium does, only a fresh page can fetch it.
 * Throws what `load` throws while there is a network.
 */
export async function loadView<T>(load: () => Promise<T>, around: Surroundings = browser): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (around.isOnline()) throw error;
  }
  await around.whenOnline();
  try {
    return await load();
  } catch (error) {
    around.reload();
    throw error;
  }
}
