// Districts of the map package as paths of a picture: longitude and latitude on a plane, true to shape at the city's latitude.

type Ring = [number, number][];
interface Feature {
  properties: { adcode: number; name: string; centroid?: [number, number]; center: [number, number] };
  geometry: { type: string; coordinates: Ring[][] | Ring[] };
}
export interface Collection {
  features: Feature[];
}

export interface Shape {
  division: string;
  name: string;
  path: string;
  /** Where its figure stands. */
  at: [number, number];
}

const ringsOf = (feature: Feature): Ring[] =>
  feature.geometry.type === "MultiPolygon"
    ? (feature.geometry.coordinates as Ring[][]).flat()
    : (feature.geometry.coordinates as Ring[]);

/** All of them within a box of this width; the height follows. */
export function project(map: Collection, width: number): { shapes: Shape[]; height: number } {
  let [west, south, east, north] = [180, 90, -180, -90];
  for (const feature of map.features) {
    for (const [lon, lat] of ringsOf(feature).flat()) {
      west = Math.min(west, lon);
      east = Math.max(east, lon);
      south = Math.min(south, lat);
      north = Math.max(north, lat);
    }
  }
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = width / ((east - west) * squeeze);
  const point = ([lon, lat]: [number, number]): [number, number] => [
    Math.round((lon - west) * squeeze * scale * 10) / 10,
    Math.round((north - lat) * scale * 10) / 10,
  ];
  const shapes = map.features.map((feature) => ({
    division: String(feature.properties.adcode),
    name: feature.properties.name,
    path: ringsOf(feature)
      .map((ring) => `M${ring.map((one) => point(one).join(" ")).join("L")}Z`)
      .join(""),
    at: point(feature.properties.centroid ?? feature.properties.center),
  }));
  return { shapes, height: Math.ceil((north - south) * scale) };
}
