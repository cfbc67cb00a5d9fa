import { type ComponentType, type ReactNode, useEffect, useState } from "react";

type Loaded<Props> = { default: ComponentType<Props> };
type State<Props> = { loaded?: Loaded<Props> | undefined; error?: unknown };

/**
 * A component in a download of its own. As React.lazy, but it is shown the moment it is there: a placeholder of
 * Suspense stays for 300 ms once it is shown. What `load` throws is thrown while rendering; mounted again, it loads
 * again.
 */
export function late<Props extends object>(load: () => Promise<Loaded<Props>>) {
  let known: Loaded<Props> | undefined;

  /** Fetches the component before it is shown. */
  const fetch = async () => {
    known ??= await load();
    return known;
  };

  // biome-ignore lint/correctness/noComponentHookFactories: made once for each download, beside the imports
  function Late({ waiting, ...props }: Props & { waiting: ReactNode }) {
    const [state, setState] = useState<State<Props>>({ loaded: known });
    useEffect(() => {
      let gone = false;
      const settle = (next: State<Props>) => !gone && setState((old) => (old.loaded ? old : next));
      fetch().then(
        (loaded) => settle({ loaded }),
        (error: unknown) => settle({ error }),
      );
      return () => {
        gone = true;
      };
    }, []);
    if ("error" in state) throw state.error;
    const Component = state.loaded?.default;
    return Component ? <Component {...(props as unknown as Props)} /> : waiting;
  }
  return Object.assign(Late, { fetch });
}
