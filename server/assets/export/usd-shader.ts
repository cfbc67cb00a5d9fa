import type { Material, Texture, TextureInfo } from "@gltf-transform/core";
import type { EmissiveStrength, IOR } from "@gltf-transform/extensions";
import type { UsdMaterial } from "./usd-material.ts";
import { uvName } from "./usd-mesh.ts";
import { usdNumber, usdTuple } from "./usd-text.ts";
import { uvKey } from "./uv.ts";

const INDENT = " ".repeat(12);
const WRAPPINGS: Record<number, string> = { 10497: "repeat", 33071: "clamp", 33648: "mirror" };

interface Slot {
  texture: Texture;
  info: TextureInfo;
  scale?: number[];
  bias?: number[];
  isColour?: boolean;
}

/**
 * A material as `UsdPreviewSurface`; roughness and metalness are read from the green and the blue channel, as glTF has
 * them (UsdPreviewSurface specification 2.6; glTF 2.0, section 3.9). @throws GlbProblem
 */
export async function shaderOf(
  target: UsdMaterial & { name: string; source: Material | null },
  pathOf: (texture: Texture) => Promise<string>,
): Promise<string> {
  const { path, name, source, readsVertexColours, uvInfos } = target;
  const inputs: string[] = [];
  const shaders: string[] = [];
  const uvKeys = uvInfos.map(uvKey);

  async function picture(slotName: string, slot: Slot): Promise<string> {
    const { texture, info, scale, bias, isColour } = slot;
    const uv = uvName(uvKeys.indexOf(uvKey(info)));
    shaders.push(
      shader(slotName, "UsdUVTexture", [
        `asset inputs:file = @${await pathOf(texture)}@`,
        `token inputs:sourceColorSpace = "${isColour ? "sRGB" : "raw"}"`,
        `float2 inputs:st.connect = <${path}/Reader_${uv}.outputs:result>`,
        `token inputs:wrapS = "${WRAPPINGS[info.getWrapS()]}"`,
        `token inputs:wrapT = "${WRAPPINGS[info.getWrapT()]}"`,
        ...(scale?.some((value) => value !== 1) ? [`float4 inputs:scale = ${usdTuple(scale)}`] : []),
        ...(bias ? [`float4 inputs:bias = ${usdTuple(bias)}`] : []),
        "float outputs:r",
        "float outputs:g",
        "float outputs:b",
        "float3 outputs:rgb",
        "float outputs:a",
      ]),
    );
    return `${path}/${slotName}`;
  }
  const connect = (input: string, from: string) => inputs.push(`${input}.connect = <${from}>`);

  const isUnlit = source?.getExtension("KHR_materials_unlit") != null;
  const colourInput = `color3f inputs:${isUnlit ? "emissiveColor" : "diffuseColor"}`;
  const base = source?.getBaseColorFactor() ?? [1, 1, 1, 1];
  const mode = source?.getAlphaMode() ?? "OPAQUE";
  const baseTexture = source?.getBaseColorTexture();
  const baseInfo = source?.getBaseColorTextureInfo();
  if (isUnlit) inputs.push("color3f inputs:diffuseColor = (0, 0, 0)");
  if (baseTexture && baseInfo) {
    const slot = { texture: baseTexture, info: baseInfo, scale: base, isColour: true };
    const from = await picture("BaseColor", slot);
    connect(colourInput, `${from}.outputs:rgb`);
    if (mode !== "OPAQUE") connect("float inputs:opacity", `${from}.outputs:a`);
  } else if (readsVertexColours) {
    shaders.push(
      shader("Reader_displayColor", "UsdPrimvarReader_float3", [
        `float3 inputs:fallback = ${usdTuple(base.slice(0, 3))}`,
        'string inputs:varname = "displayColor"',
        "float3 outputs:result",
      ]),
    );
    connect(colourInput, `${path}/Reader_displayColor.outputs:result`);
  } else {
    inputs.push(`${colourInput} = ${usdTuple(base.slice(0, 3))}`);
  }
  if (!baseTexture && mode !== "OPAQUE") inputs.push(`float inputs:opacity = ${usdNumber(base[3])}`);
  if (mode === "MASK") inputs.push(`float inputs:opacityThreshold = ${usdNumber(source!.getAlphaCutoff())}`);

  if (source) await addSurface(source, { picture, connect, inputs, isUnlit });
  const readers = uvKeys.map((_, index) =>
    shader(`Reader_${uvName(index)}`, "UsdPrimvarReader_float2", [
      "float2 inputs:fallback = (0, 0)",
      `string inputs:varname = "${uvName(index)}"`,
      "float2 outputs:result",
    ]),
  );
  const surface = shader("Surface", "UsdPreviewSurface", [...inputs, "token outputs:surface"]);
  return (
    `        def Material "${name}"\n        {\n${INDENT}token outputs:surface.connect = ` +
    `<${path}/Surface.outputs:surface>\n\n${surface}${readers.join("")}${shaders.join("")}        }\n\n`
  );
}

interface Builder {
  picture(slotName: string, slot: Slot): Promise<string>;
  connect(input: string, from: string): void;
  inputs: string[];
  isUnlit: boolean;
}

async function addSurface(source: Material, { picture, connect, inputs, isUnlit }: Builder): Promise<void> {
  const [metallic, roughness] = isUnlit ? [0, 1] : [source.getMetallicFactor(), source.getRoughnessFactor()];
  const surface = isUnlit ? null : source.getMetallicRoughnessTexture();
  const surfaceInfo = source.getMetallicRoughnessTextureInfo();
  if (surface && surfaceInfo) {
    const scale = [1, roughness, metallic, 1];
    const from = await picture("MetallicRoughness", { texture: surface, info: surfaceInfo, scale });
    connect("float inputs:roughness", `${from}.outputs:g`);
    connect("float inputs:metallic", `${from}.outputs:b`);
  } else {
    inputs.push(`float inputs:roughness = ${usdNumber(roughness)}`);
    inputs.push(`float inputs:metallic = ${usdNumber(metallic)}`);
  }
  if (isUnlit) return;
  const normal = source.getNormalTexture();
  const normalInfo = source.getNormalTextureInfo();
  if (normal && normalInfo) {
    const depth = source.getNormalScale();
    const [scale, bias] = [
      [2 * depth, 2 * depth, 2, 1],
      [-depth, -depth, -1, 0],
    ];
    const from = await picture("Normal", { texture: normal, info: normalInfo, scale, bias });
    connect("normal3f inputs:normal", `${from}.outputs:rgb`);
  }
  const strength =
    source.getExtension<EmissiveStrength>("KHR_materials_emissive_strength")?.getEmissiveStrength() ?? 1;
  const glow = source.getEmissiveFactor().map((value) => value * strength);
  const emissive = source.getEmissiveTexture();
  const emissiveInfo = source.getEmissiveTextureInfo();
  if (emissive && emissiveInfo && glow.some((value) => value > 0)) {
    const slot = { texture: emissive, info: emissiveInfo, scale: [...glow, 1], isColour: true };
    connect("color3f inputs:emissiveColor", `${await picture("Emissive", slot)}.outputs:rgb`);
  } else if (glow.some((value) => value > 0)) {
    inputs.push(`color3f inputs:emissiveColor = ${usdTuple(glow)}`);
  }
  const occlusion = source.getOcclusionTexture();
  const occlusionInfo = source.getOcclusionTextureInfo();
  if (occlusion && occlusionInfo) {
    const depth = source.getOcclusionStrength();
    const [scale, bias] = [
      [depth, depth, depth, 1],
      [1 - depth, 1 - depth, 1 - depth, 0],
    ];
    const slot = { texture: occlusion, info: occlusionInfo, scale, ...(depth !== 1 && { bias }) };
    connect("float inputs:occlusion", `${await picture("Occlusion", slot)}.outputs:r`);
  }
  const ior = source.getExtension<IOR>("KHR_materials_ior")?.getIOR();
  if (ior) inputs.push(`float inputs:ior = ${usdNumber(ior)}`);
}

function shader(name: string, id: string, lines: string[]): string {
  const body = [`uniform token info:id = "${id}"`, ...lines].map((line) => `${INDENT}    ${line}\n`).join("");
  return `${INDENT}def Shader "${name}"\n${INDENT}{\n${body}${INDENT}}\n\n`;
}
