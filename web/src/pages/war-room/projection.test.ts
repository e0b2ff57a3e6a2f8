import { expect, test } from "vitest";
import { project } from "./projection";

const square = (adcode: number, west: number, south: number, size: number) => ({
  properties: { adcode, name: String(adcode), center: [west + size / 2, south + size / 2] as [number, number] },
  geometry: {
    type: "MultiPolygon",
    coordinates: [
      [
        [
          [west, south],
          [west + size, south],
          [west + size, south + size],
          [west, south + size],
        ] as [number, number][],
      ],
    ],
  },
});

test("districts keep their places and proportions", () => {
  const { shapes, height } = project({ features: [square(1, 108, 22, 1), square(2, 109, 22, 1)] }, 200);
  expect(shapes.map((shape) => shape.division)).toEqual(["1", "2"]);
  const [first, second] = shapes;
  expect(first?.at[0]).toBeCloseTo(50, 0);
  expect(second?.at[0]).toBeCloseTo(150, 0);
  // A degree of longitude is shorter than one of latitude: the squares are higher than wide.
  expect(height).toBeGreaterThan(100);
  expect(first?.path.startsWith("M0 ")).toBe(true);
});
