// A map that asks nobody but this app: Natural Earth's land and borders, drawn by MapLibre as local GeoJSON.
// With a tile URL in data-tiles, which whoever started the app gave, the tiles lie above the land.
import {Map, NavigationControl, ScaleControl} from "/static/vendor/maplibre-gl.mjs";

let world;

async function baseMap() {
  world ??= fetch("/static/vendor/countries-50m.json").then((answer) => answer.json());
  const topology = await world;
  const countries = topology.objects.countries;
  // Antarctica, whose ring goes round the pole, is left out.
  countries.geometries = countries.geometries.filter((country) => country.id !== "010");
  // Lines are meshes, not the polygons' rings: these would be drawn along the edges of MapLibre's tiles, too.
  const line = (test) => {
    const mesh = topojson.mesh(topology, countries, test);
    return {type: "Feature", properties: {}, geometry: {...mesh, coordinates: mesh.coordinates.map(unbroken)}};
  };
  const land = topojson.feature(topology, countries).features.map(({geometry}) => {
    const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    return {type: "Feature", properties: {}, geometry: {type: "MultiPolygon", coordinates: polygons.map((rings) => rings.map(unbroken))}};
  });
  return {land: {type: "FeatureCollection", features: land}, coast: line((a, b) => a === b), borders: line((a, b) => a !== b)};
}

// A line that crosses the 180th meridian goes on beyond it, instead of back across the whole map.
function unbroken(points) {
  let shift = 0, last = points[0][0];
  return points.map(([lon, lat]) => {
    if (lon + shift - last > 180) shift -= 360;
    else if (lon + shift - last < -180) shift += 360;
    last = lon + shift;
    return [last, lat];
  });
}

export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

export function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

export const empty = {type: "FeatureCollection", features: []};

// Makes the map in `container`, or says there that it can't be drawn and gives back null. `layers()` gives the layers above the base, asked again when light turns to dark.
export async function makeMap(container, {sources = {}, layers = () => [], bounds = null} = {}) {
  const tiles = container.dataset.tiles;
  const base = await baseMap();
  const style = () => ({
    version: 8,
    sources: {
      land: {type: "geojson", data: base.land, tolerance: 0.6},
      coast: {type: "geojson", data: base.coast, tolerance: 0.6},
      borders: {type: "geojson", data: base.borders, tolerance: 0.6},
      ...(tiles ? {tiles: {type: "raster", tiles: [tiles], tileSize: 256}} : {}),
      ...sources,
    },
    layers: [
      {id: "sea", type: "background", paint: {"background-color": colour("sea")}},
      {id: "land", type: "fill", source: "land", paint: {"fill-color": colour("land"), "fill-antialias": false}},
      {id: "coast", type: "line", source: "coast", paint: {"line-color": colour("border"), "line-width": 0.6}},
      {id: "borders", type: "line", source: "borders", paint: {"line-color": colour("border"), "line-width": 0.8, "line-dasharray": [3, 1.5]}},
      ...(tiles ? [{id: "tiles", type: "raster", source: "tiles"}] : []),
      ...layers(),
    ],
  });
  let map;
  try {
    map = new Map({
      container,
      style: style(),
      bounds: bounds ?? [-170, -55, 180, 75],
      fitBoundsOptions: {padding: 40, maxZoom: 8},
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      maxZoom: 14,
      fadeDuration: calm() ? 0 : 150,
      renderWorldCopies: true,
    });
  } catch {
    container.textContent = "This browser draws no maps: it has no WebGL. The places are in the table.";
    return null;
  }
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new NavigationControl({showCompass: false}), "top-right");
  map.addControl(new ScaleControl({maxWidth: 90}), "bottom-left");
  const credit = document.createElement("div");
  credit.className = "map-credit";
  credit.textContent = "Borders as Natural Earth draws them; no position is taken";
  container.append(credit);
  map.getCanvas().setAttribute("aria-label", container.dataset.label || "Map of what is reported, by place");
  await new Promise((done) => map.once("load", done));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    const kept = Object.keys(sources).map((name) => [name, map.getSource(name)?.serialize().data]);
    map.setStyle(style(), {diff: false});
    map.once("styledata", () => kept.forEach(([name, data]) => data && map.getSource(name)?.setData(data)));
  });
  return map;
}

// A circle on the ground as a polygon, for what is only known to lie within so many kilometres.
export function circle(lat, lon, km, steps = 48) {
  const ring = [];
  for (let n = 0; n <= steps; n++) {
    const angle = (n / steps) * 2 * Math.PI;
    const dLat = (km / 111.2) * Math.cos(angle);
    const dLon = (km / (111.2 * Math.max(0.05, Math.cos((lat * Math.PI) / 180)))) * Math.sin(angle);
    ring.push([lon + dLon, lat + dLat]);
  }
  return {type: "Feature", properties: {}, geometry: {type: "Polygon", coordinates: [ring]}};
}

// The least box round the points, [[west, south], [east, north]]; null of none. Few far-off points may be left out.
export function boundsOf(points, {least = 0.4} = {}) {
  if (!points.length) return null;
  const span = (values) => [Math.min(...values), Math.max(...values)];
  const [west, east] = span(points.map((p) => p.lon));
  const [south, north] = span(points.map((p) => p.lat));
  return [[west - least, Math.max(-85, south - least)], [east + least, Math.min(85, north + least)]];
}
