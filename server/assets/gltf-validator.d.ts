declare module "gltf-validator" {
  interface Issue {
    code: string;
    message: string;
    /** 0 error, 1 warning, 2 information, 3 hint. */
    severity: number;
    pointer?: string;
  }
  interface Report {
    issues: { numErrors: number; numWarnings: number; truncated: boolean; messages: Issue[] };
  }
  interface Options {
    format?: "glb" | "gltf";
    writeTimestamp?: boolean;
    maxIssues?: number;
    severityOverrides?: Record<string, number>;
    externalResourceFunction?: (uri: string) => Promise<Uint8Array>;
  }
  export function validateBytes(bytes: Uint8Array, options?: Options): Promise<Report>;
}
