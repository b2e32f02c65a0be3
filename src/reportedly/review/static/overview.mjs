// The overview: brush days, draw a box, pick what the form offers. Everything goes through the form, whose values are
// the address; the server answers with the table and the numbers that timeline and map are drawn from.
import {Popup} from "/static/vendor/maplibre-gl.mjs";
import {boundsOf, colour, empty, makeMap} from "/static/map.mjs";

const form = document.getElementById("filter");
const field = (name) => form.elements[name];
const POINT = ["lat", "lon", "kind", "place", "country", "incidents", "disputed", "incident"];
const read = () => {
  const data = JSON.parse(document.getElementById("view-data").textContent);
  data.points = data.points.map((row) => Object.fromEntries(POINT.map((name, n) => [name, row[n]])));
  return data;
};

// On a phone the filter is folded away, so that the incidents come first.
if (matchMedia("(max-width: 820px)").matches && !location.search) document.getElementById("fold").open = false;

function apply() {
  form.dispatchEvent(new Event("submit", {bubbles: true, cancelable: true}));
}

// The form's empty fields need not stand in the address.
document.body.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.elt !== form) return;
  for (const [name, value] of [...event.detail.formData.entries()]) {
    if (value === "" || (name === "order" && value === "day")) event.detail.formData.delete(name);
  }
});

// Names as they are typed.
for (const list of form.querySelectorAll("datalist[data-names]")) {
  const inputs = form.querySelectorAll(`input[list="${list.id}"]`);
  let waiting;
  const fill = async (input) => {
    const answer = await fetch(`/names/${list.dataset.names}?letters=${encodeURIComponent(input.value)}`);
    if (answer.ok) list.innerHTML = await answer.text();
  };
  for (const input of inputs) {
    input.addEventListener("focus", () => list.children.length || fill(input));
    input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(() => fill(input), 150); });
  }
}

// Timeline

const plot = document.getElementById("timeline");
const note = document.getElementById("timeline-note");
const allDays = document.getElementById("all-days");
const DAY = 86400000;
const iso = (date) => new Date(date).toISOString().slice(0, 10);
const HUES = ["voice-1", "voice-2", "voice-4", "voice-3", "voice-6", "voice-5", "single"];

// The days that are drawn: the shortest stretch that holds nearly all, where far-off days would flatten the rest.
function stretch(rows) {
  const total = rows.reduce((sum, [, , number]) => sum + number, 0);
  const days = [];
  for (const [day, , number] of rows) {
    const at = Date.parse(day);
    if (days.length && days.at(-1)[0] === at) days.at(-1)[1] += number; else days.push([at, number]);
  }
  let best = [0, days.length - 1], low = 0, inside = 0, shortest = Infinity;
  for (let high = 0; high < days.length; high++) {
    inside += days[high][1];
    while (inside - days[low][1] >= total * 0.96) inside -= days[low++][1];
    if (inside >= total * 0.96 && days[high][0] - days[low][0] < shortest) {
      shortest = days[high][0] - days[low][0];
      best = [low, high];
    }
  }
  const whole = days.at(-1)[0] - days[0][0];
  const cut = shortest < whole / 2 ? best : [0, days.length - 1];
  return {from: days[cut[0]][0], to: days[cut[1]][0] + DAY, before: sum(days.slice(0, cut[0])), after: sum(days.slice(cut[1] + 1))};
}

const sum = (days) => days.reduce((total, [, number]) => total + number, 0);

function drawTimeline() {
  const {days, first, last} = read();
  plot.replaceChildren();
  allDays.hidden = !first && !last;
  note.textContent = "";
  if (!days.rows.length) {
    plot.textContent = "No day is known.";
    return;
  }
  let {from, to, before, after} = stretch(days.rows);
  if (days.months) to = +d3.utcMonth.offset(d3.utcMonth.floor(new Date(to - 1)), 1);
  if (first) from = Math.min(from, Date.parse(first));
  if (last) to = Math.max(to, Date.parse(last) + DAY);
  if (before || after) note.textContent = `${[before && `${before} earlier`, after && `${after} later`].filter(Boolean).join(", ")} not drawn`;
  const span = (to - from) / DAY;
  const interval = days.months || span > 2000 ? d3.utcMonth : span > 220 ? d3.utcWeek : d3.utcDay;
  const counts = d3.rollup(
    days.rows.filter(([day]) => Date.parse(day) >= from && Date.parse(day) < to),
    (rows) => d3.sum(rows, (row) => row[2]),
    ([day]) => +interval.floor(new Date(day)),
    (row) => row[1],
  );
  const bars = [];
  for (const [start, kinds] of counts) {
    let base = 0;
    for (const kind of [...kinds.keys()].sort(d3.ascending)) {
      bars.push({x1: new Date(start), x2: interval.offset(new Date(start)), y1: base, y2: (base += kinds.get(kind)), kind});
    }
  }
  const hue = (kind) => colour(HUES[days.kinds[kind] === "other kinds" ? HUES.length - 1 : kind]);
  const width = plot.clientWidth, height = plot.clientHeight - 44;
  const figure = Plot.plot({
    width, height, marginLeft: 34, marginRight: 8, marginTop: 8, marginBottom: 34,
    style: {background: "transparent", fontFamily: "inherit", fontSize: "11px", color: colour("dim")},
    x: {type: "utc", domain: [new Date(from), new Date(to)], label: null},
    y: {grid: true, label: null, tickFormat: "d", ticks: 4, domain: [0, Math.max(4, d3.max(bars, (b) => b.y2))]},
    marks: [
      Plot.rectY(bars, {x1: "x1", x2: "x2", y1: "y1", y2: "y2", fill: (b) => hue(b.kind), insetLeft: 0.3, insetRight: 0.3}),
      Plot.ruleY([0], {stroke: colour("strong")}),
    ],
  });
  const svg = figure.tagName === "svg" ? figure : figure.querySelector("svg");
  plot.append(figure, legend(days.kinds, hue));
  svg.setAttribute("aria-hidden", "true");
  brush(svg, {from, to, width, height, first, last});
}

function legend(kinds, hue) {
  const list = document.createElement("div");
  list.className = "legend";
  kinds.forEach((kind, n) => {
    const entry = document.createElement("span"), mark = document.createElement("i");
    mark.style.background = hue(n);
    entry.append(mark, kind);
    list.append(entry);
  });
  return list;
}

function brush(svg, {from, to, width, height, first, last}) {
  const x = d3.scaleUtc([new Date(from), new Date(to)], [34, width - 8]);
  const made = d3.brushX().extent([[34, 4], [width - 8, height - 34]]).on("end", (event) => {
    if (!event.sourceEvent) return;
    const chosen = event.selection?.map((at) => +d3.utcDay.round(x.invert(at)));
    field("first").value = chosen ? iso(chosen[0]) : "";
    field("last").value = chosen ? iso(Math.max(chosen[0], chosen[1] - DAY)) : "";
    apply();
  });
  const group = d3.select(svg).append("g").attr("class", "brush").call(made);
  group.select(".selection").attr("fill", null).attr("fill-opacity", null).attr("stroke", null);
  if (first || last) {
    const ends = [first ? Date.parse(first) : from, last ? Date.parse(last) + DAY : to];
    group.call(made.move, ends.map((end) => x(new Date(Math.min(to, Math.max(from, end))))));
  }
}

allDays.addEventListener("click", () => { field("first").value = field("last").value = ""; apply(); });

// Map

const holder = document.getElementById("map");
const mapNote = document.getElementById("map-note");
const noBox = document.getElementById("no-box");
const draw = document.getElementById("draw");
let map;

const inBox = ([west, south, east, north], {lat, lon}) =>
  lat >= south && lat <= north && (west <= east ? lon >= west && lon <= east : lon >= west || lon <= east);

function features(points, box) {
  const places = d3.group(points, (p) => `${p.lat},${p.lon}`);
  return {type: "FeatureCollection", features: [...places.values()].map((own) => ({
    type: "Feature",
    properties: {
      incidents: d3.sum(own, (p) => p.incidents), disputed: d3.sum(own, (p) => p.disputed), place: own[0].place,
      country: own[0].country, kinds: own.map((p) => `${p.kind} ${p.incidents}`).join(", "), incident: own[0].incident,
      chosen: !box || inBox(box, own[0]), lat: own[0].lat, lon: own[0].lon,
    },
    geometry: {type: "Point", coordinates: [own[0].lon, own[0].lat]},
  }))};
}

const outline = (box) => box ? {type: "Feature", properties: {}, geometry: {type: "LineString", coordinates:
  [[box[0], box[1]], [box[2] < box[0] ? box[2] + 360 : box[2], box[1]], [box[2] < box[0] ? box[2] + 360 : box[2], box[3]], [box[0], box[3]], [box[0], box[1]]]}} : empty;

const layers = () => [
  {id: "box", type: "line", source: "box", paint: {"line-color": colour("focus"), "line-width": 2}},
  {id: "points", type: "circle", source: "points", paint: {
    "circle-radius": ["interpolate", ["linear"], ["sqrt", ["get", "incidents"]], 1, 4, 5, 10, 20, 24],
    "circle-color": ["case", [">", ["get", "disputed"], 0], colour("disputed"), colour("accent")],
    "circle-opacity": ["case", ["get", "chosen"], 0.72, 0.18],
    "circle-stroke-color": colour("paper"), "circle-stroke-width": 1, "circle-stroke-opacity": ["case", ["get", "chosen"], 1, 0.3],
  }},
];

async function startMap() {
  const {points} = read();
  map = await makeMap(holder, {sources: {points: {type: "geojson", data: empty}, box: {type: "geojson", data: empty}}, layers, bounds: boundsOf(points)});
  if (!map) return;
  const popup = new Popup({closeButton: false, closeOnClick: false, maxWidth: "260px"});
  map.on("mousemove", "points", (event) => {
    map.getCanvas().style.cursor = "pointer";
    const {place, country, incidents, disputed, kinds, lat, lon} = event.features[0].properties;
    const text = document.createElement("div"), head = document.createElement("b");
    head.textContent = [place, country].filter(Boolean).join(", ") || "No name";
    text.append(head, document.createElement("br"), `${incidents} reported${disputed ? `, ${disputed} disputed` : ""}: ${kinds}`);
    popup.setLngLat([lon, lat]).setDOMContent(text).addTo(map);
  });
  map.on("mouseleave", "points", () => { map.getCanvas().style.cursor = ""; popup.remove(); });
  map.on("click", "points", (event) => {
    if (draw.getAttribute("aria-pressed") === "true") return;
    const {incidents, incident, lat, lon} = event.features[0].properties;
    if (incidents === 1) location.href = `/incidents/${incident}`;
    else setBox([lon - 0.01, lat - 0.01, lon + 0.01, lat + 0.01]);
  });
  boxes();
  drawMap();
}

function drawMap() {
  if (!map) return;
  const {points, box} = read();
  map.getSource("points")?.setData(features(points, box));
  map.getSource("box")?.setData(outline(box));
  noBox.hidden = !box;
  const shown = d3.sum(points.filter((p) => !box || inBox(box, p)), (p) => p.incidents);
  mapNote.textContent = `${shown.toLocaleString("en")} with a place`;
}

const wrap = (lon) => ((lon + 540) % 360) - 180;

function setBox(box) {
  field("box").value = box ? [wrap(box[0]), Math.max(-90, box[1]), wrap(box[2]), Math.min(90, box[3])].map((v) => v.toFixed(3)).join(",") : "";
  apply();
}

function boxes() {
  const canvas = map.getCanvasContainer();
  let start, frame;
  const place = (event) => { const r = canvas.getBoundingClientRect(); return [event.clientX - r.left, event.clientY - r.top]; };
  const drawing = (on) => {
    draw.setAttribute("aria-pressed", String(on));
    holder.classList.toggle("drawing", on);
    map.dragPan[on ? "disable" : "enable"]();
  };
  map.boxZoom.disable();
  draw.addEventListener("click", () => drawing(draw.getAttribute("aria-pressed") !== "true"));
  canvas.addEventListener("pointerdown", (event) => {
    if (!event.shiftKey && draw.getAttribute("aria-pressed") !== "true") return;
    map.dragPan.disable();
    start = place(event);
    frame = document.createElement("div");
    frame.className = "drawn";
    canvas.append(frame);
    canvas.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!start) return;
    const [x, y] = place(event);
    Object.assign(frame.style, {left: `${Math.min(x, start[0])}px`, top: `${Math.min(y, start[1])}px`, width: `${Math.abs(x - start[0])}px`, height: `${Math.abs(y - start[1])}px`});
  });
  canvas.addEventListener("pointerup", (event) => {
    if (!start) return;
    const [x, y] = place(event), [x0, y0] = start;
    start = null;
    frame.remove();
    drawing(false);
    if (Math.abs(x - x0) < 4 || Math.abs(y - y0) < 4) return;
    const a = map.unproject([Math.min(x, x0), Math.max(y, y0)]), b = map.unproject([Math.max(x, x0), Math.min(y, y0)]);
    setBox([a.lng, a.lat, b.lng, b.lat]);
  });
  document.getElementById("use-view").addEventListener("click", () => {
    const b = map.getBounds();
    setBox(b.getEast() - b.getWest() >= 360 ? null : [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()]);
  });
  noBox.addEventListener("click", () => setBox(null));
}

// Together

document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "results" || event.target.id === "results") { drawTimeline(); drawMap(); }
});
let resizing;
addEventListener("resize", () => { clearTimeout(resizing); resizing = setTimeout(drawTimeline, 120); });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawTimeline);
drawTimeline();
startMap();
