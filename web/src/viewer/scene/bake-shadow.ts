import {
  type Group,
  MeshDepthMaterial,
  OrthographicCamera,
  Scene,
  ShaderMaterial,
  UniformsUtils,
  type WebGLRenderer,
  WebGLRenderTarget,
} from "three";
import { FullScreenQuad } from "three/addons/postprocessing/Pass.js";
import { HorizontalBlurShader } from "three/addons/shaders/HorizontalBlurShader.js";
import { VerticalBlurShader } from "three/addons/shaders/VerticalBlurShader.js";
import { type Box, boxCentre, boxSize } from "../box.ts";
import { dressed } from "./dressed.ts";

const PIXELS = 512;
/** Room around the model for the shadow to fade, as a part of its longer floor side. */
const MARGIN = 0.35;
/** Steps between the samples of the passes, as shares of the picture: a wide blur, then a fine one against stripes. */
const BLURS = [3.2 / 256, 1.1 / 256, 0.4 / 256];

/** Edge in metres of the square that the shadow covers. */
export function shadowExtent(box: Box): number {
  const [width, height, depth] = boxSize(box);
  return (Math.max(width, depth) + height * 0.15) * (1 + 2 * MARGIN);
}

/**
 * The soft darkness on the floor under a model, as black with alpha: how near its underside is, seen from below, and
 * blurred. After the contact shadows in three.js's examples. The caller disposes of the target.
 */
export function bakeShadow(gl: WebGLRenderer, object: Group, box: Box): WebGLRenderTarget {
  const extent = shadowExtent(box);
  const reach = Math.max(Math.min(boxSize(box)[1], extent * 0.4), 1e-5);
  const camera = new OrthographicCamera(-extent / 2, extent / 2, extent / 2, -extent / 2, 0, reach);
  const [x, , z] = boxCentre(box);
  camera.position.set(x, box.min[1] - reach * 0.002, z);
  camera.rotation.x = Math.PI / 2;

  const depth = new MeshDepthMaterial();
  depth.onBeforeCompile = (shader) => {
    shader.fragmentShader = shader.fragmentShader.replace(
      "gl_FragColor = vec4( vec3( 1.0 - fragCoordZ ), opacity );",
      "gl_FragColor = vec4( vec3( 0.0 ), pow( 1.0 - fragCoordZ, 1.6 ) );",
    );
  };
  const scene = new Scene().add(dressed(object, () => depth));
  const [result, half] = [target(), target()];
  const across = blur(HorizontalBlurShader);
  const along = blur(VerticalBlurShader);
  const quad = new FullScreenQuad();

  const before = { target: gl.getRenderTarget(), alpha: gl.getClearAlpha() };
  gl.setClearAlpha(0);
  gl.setRenderTarget(result);
  gl.clear();
  gl.render(scene, camera);
  const pass = (material: ShaderMaterial, from: WebGLRenderTarget, to: WebGLRenderTarget) => {
    material.uniforms.tDiffuse.value = from.texture;
    quad.material = material;
    gl.setRenderTarget(to);
    quad.render(gl);
  };
  for (const step of BLURS) {
    across.uniforms.h.value = step;
    along.uniforms.v.value = step;
    pass(across, result, half);
    pass(along, half, result);
  }
  gl.setRenderTarget(before.target);
  gl.setClearAlpha(before.alpha);
  for (const part of [depth, across, along, half, quad]) part.dispose();
  return result;
}

function target(): WebGLRenderTarget {
  const made = new WebGLRenderTarget(PIXELS, PIXELS);
  made.texture.generateMipmaps = false;
  return made;
}

function blur({
  uniforms,
  vertexShader,
  fragmentShader,
}: typeof HorizontalBlurShader | typeof VerticalBlurShader) {
  return new ShaderMaterial({
    uniforms: UniformsUtils.clone(uniforms),
    vertexShader,
    fragmentShader,
    depthTest: false,
    depthWrite: false,
  });
}
