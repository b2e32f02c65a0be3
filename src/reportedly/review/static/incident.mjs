// The page of an incident: the map of its places with how far off they may be, and its versions by day.
import {boundsOf, circle, colour, makeMap} from "/static/map.mjs";

const {places, said} = JSON.parse(document.getElementById("incident-data").textContent);

document.body.addEventListener("htmx:afterRequest", (event) => {
  const link = event.detail.elt;
  if (!link.matches("a[hx-target='#words']")) return;
  document.querySelectorAll("a[aria-current='true']").forEach((other) => other.removeAttribute("aria-current"));
  link.setAttribute("aria-current", "true");
  if (!link.closest(".matrix")) document.getElementById("words").scrollIntoView({block: "nearest"});
});

function drawTimeline() {
  const holder = document.getElementById("timeline");
  holder.replaceChildren();
  if (!said.length) return;
  const rows = said.map((one) => ({...one, at: new Date(one.day), row: `${one.fact}: ${one.value.length > 34 ? one.value.slice(0, 33) + "…" : one.value}`}));
  const domain = [...new Set(rows.map((one) => one.row))];
  const last = d3.max(rows, (one) => one.at), first = d3.min(rows, (one) => one.at);
  const room = Math.max(86400000, (last - first) * 0.06);
  const lasting = d3.rollups(rows, (own) => [d3.min(own, (o) => o.at), own.some((o) => o.now) ? new Date(+last + room) : d3.max(own, (o) => o.at)], (o) => o.row)
    .map(([row, [from, to]]) => ({row, from, to}));
  const figure = Plot.plot({
    width: holder.clientWidth, height: 34 + domain.length * 21, marginLeft: Math.min(270, holder.clientWidth * 0.5), marginRight: 14, marginTop: 6, marginBottom: 24,
    style: {background: "transparent", fontFamily: "inherit", fontSize: "11.5px", color: colour("ink")},
    x: {type: "utc", domain: [new Date(+first - room), new Date(+last + room)], label: null, ticks: Math.max(2, Math.floor(holder.clientWidth / 160))},
    y: {domain, label: null, tickSize: 0},
    marks: [
      Plot.ruleY(lasting, {y: "row", x1: "from", x2: "to", stroke: colour("strong"), strokeWidth: 2}),
      Plot.dot(rows, {x: "at", y: "row", r: 4.5, fill: (o) => o.now ? colour("accent") : colour("paper"), stroke: colour("accent"), strokeWidth: 1.5,
        title: (o) => `${o.who}${o.side && o.side !== o.who ? ` (${o.side})` : ""}, ${o.day}${o.now ? "" : ", no longer"}`}),
    ],
  });
  (figure.tagName === "svg" ? figure : figure.querySelector("svg")).setAttribute("aria-hidden", "true");
  holder.append(figure);
}

async function drawMap() {
  if (!places.length) return;
  const round = {type: "FeatureCollection", features: places.filter((p) => p.km).map((p) => circle(p.lat, p.lon, p.km))};
  const points = {type: "FeatureCollection", features: places.map((p) => ({type: "Feature", properties: {}, geometry: {type: "Point", coordinates: [p.lon, p.lat]}}))};
  const corners = places.flatMap((p) => {
    const d = (p.km ?? 0) / 111, e = d / Math.max(0.1, Math.cos((p.lat * Math.PI) / 180));
    return [{lat: p.lat - d, lon: p.lon - e}, {lat: p.lat + d, lon: p.lon + e}];
  });
  const map = await makeMap(document.getElementById("map"), {
    sources: {round: {type: "geojson", data: round}, points: {type: "geojson", data: points}},
    layers: () => [
      {id: "round", type: "fill", source: "round", paint: {"fill-color": colour("accent"), "fill-opacity": 0.1}},
      {id: "rim", type: "line", source: "round", paint: {"line-color": colour("accent"), "line-width": 1.2, "line-dasharray": [2, 2]}},
      {id: "points", type: "circle", source: "points", paint: {"circle-radius": 5, "circle-color": colour("accent"), "circle-stroke-color": colour("paper"), "circle-stroke-width": 1.5}},
    ],
    bounds: boundsOf(corners, {least: 1.2}),
  });
  if (!map) return;
  const {Marker} = await import("/static/vendor/maplibre-gl.mjs");
  const seen = new Set();
  for (const place of places) {
    if (!place.place || seen.has(place.place) || seen.size > 11) continue;
    seen.add(place.place);
    const label = document.createElement("span");
    label.className = "map-label";
    label.textContent = place.place;
    label.title = place.who.join(", ");
    new Marker({element: label, anchor: "left", offset: [9, 0]}).setLngLat([place.lon, place.lat]).addTo(map);
  }
}

let resizing;
addEventListener("resize", () => { clearTimeout(resizing); resizing = setTimeout(drawTimeline, 120); });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawTimeline);
drawTimeline();
drawMap();
