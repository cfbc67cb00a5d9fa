import { useThree } from "@react-three/fiber";
import { useEffect, useMemo } from "react";
import type { PerspectiveCamera } from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";

const SECONDS_PER_TURN = 24;

type Options = { reducedMotion: boolean; onStart: () => void; onChange: () => void };

/** Orbit controls on the canvas: one finger turns, two move and zoom. Each change asks for a frame. */
export function useOrbitControls({ reducedMotion, onStart, onChange }: Options): OrbitControls {
  const camera = useThree((state) => state.camera as PerspectiveCamera);
  const canvas = useThree((state) => state.gl.domElement);
  const invalidate = useThree((state) => state.invalidate);
  const controls = useMemo(() => new OrbitControls(camera), [camera]);

  useEffect(() => {
    controls.connect(canvas);
    controls.addEventListener("change", onChange);
    controls.addEventListener("start", onStart);
    return () => {
      controls.removeEventListener("change", onChange);
      controls.removeEventListener("start", onStart);
      controls.disconnect();
    };
  }, [controls, canvas, onStart, onChange]);

  useEffect(() => {
    controls.enableDamping = !reducedMotion;
    controls.dampingFactor = 0.12;
    controls.autoRotateSpeed = 60 / SECONDS_PER_TURN;
    invalidate();
  }, [controls, reducedMotion, invalidate]);

  return controls;
}
