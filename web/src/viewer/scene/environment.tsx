import { useThree } from "@react-three/fiber";
import { useEffect } from "react";
import { PMREMGenerator } from "three";
import { RoomEnvironment } from "three/addons/environments/RoomEnvironment.js";
import { whenIdle } from "./when-idle.ts";

const BLUR = 0.04;
const NEAR = 0.1;
const FAR = 100;
/** Pixels along an edge of the reflections' cube: half of three's own choice is as good for a plain room. */
const SIZE = 128;

/**
 * Reflections of a plain room, computed on this machine after the first frame, because they cost more
 * than that frame. `intensity` scales them.
 */
export function Environment({ intensity, onReady }: { intensity: number; onReady: () => void }) {
  const gl = useThree((state) => state.gl);
  const scene = useThree((state) => state.scene);
  const invalidate = useThree((state) => state.invalidate);

  useEffect(() => {
    let dispose: (() => void) | undefined;
    const cancel = whenIdle(() => {
      const room = new RoomEnvironment();
      const generator = new PMREMGenerator(gl);
      const target = generator.fromScene(room, BLUR, NEAR, FAR, { size: SIZE });
      generator.dispose();
      room.dispose();
      scene.environment = target.texture;
      dispose = () => {
        scene.environment = null;
        target.dispose();
      };
      onReady();
      invalidate();
    });
    return () => {
      cancel();
      dispose?.();
    };
  }, [gl, scene, invalidate, onReady]);

  useEffect(() => {
    scene.environmentIntensity = intensity;
    invalidate();
  }, [scene, intensity, invalidate]);

  return null;
}
