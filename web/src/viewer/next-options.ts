import type { ViewerCommand } from "./key-commands.ts";
import { LIGHT_PRESET_NAMES } from "./light-presets.ts";
import { EXPOSURE_STOPS, type ViewerOptions } from "./viewer-options.ts";

const after = <T>(list: readonly T[], current: T): T => list[(list.indexOf(current) + 1) % list.length];

/** The options after a command; a choice that is made already is taken back. Null for commands of other parts. */
export function nextOptions(options: ViewerOptions, command: ViewerCommand): Partial<ViewerOptions> | null {
  switch (command.type) {
    case "shading":
      return { shading: options.shading === command.shading ? "material" : command.shading };
    case "figure":
      return { figure: options.figure === command.figure ? "none" : command.figure };
    case "photo":
      return { photo: options.photo === command.photo ? "off" : command.photo };
    case "light":
      return { light: after(LIGHT_PRESET_NAMES, options.light) };
    case "exposure": {
      const { least, most, step } = EXPOSURE_STOPS;
      return { exposure: Math.min(most, Math.max(least, options.exposure + command.steps * step)) };
    }
    case "toggle":
      if (command.what === "fullscreen" || command.what === "help") return null;
      return { [command.what]: !options[command.what] };
    default:
      return null;
  }
}
