// A sketch map beside a list: county polygons and the list's own points, as SVG.
// No street map, no tiles. The list comes first and is complete; the caption with
// the approval number is in the page, not here. ES2020, no dependencies.
//
//   <figure class="map" data-map="/map/counties.json" data-focus="320111,320116">
//     <div class="map__stage" data-map-stage data-label data-in data-out data-all></div>
//     <figcaption>…审图号…</figcaption>
//   </figure>
//   in the list: <li id="service-3" data-no="3" data-lon="118.71" data-lat="32.18">…<h3>…
//   the family:  <… data-home data-lon data-lat>; never its address
//   figures:     <tr data-division="320116" data-level="2"> colours the county 1 to 3
"use strict";

(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const WIDTH = 400;
  const HEIGHT = 440;
  const make = (name, attributes, parent) => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (parent) parent.append(element);
    return element;
  };

  // Equirectangular at the middle of Jiangsu: true enough in shape, y grows downwards.
  const SHRINK = Math.cos((33 * Math.PI) / 180);
  const project = (lon, lat) => [(lon - 116) * SHRINK * 1000, (36 - lat) * 1000];

  const ringsOf = (geometry) => (geometry.type === "Polygon" ? geometry.coordinates : geometry.coordinates.flat());
  const pathOf = (geometry) => ringsOf(geometry)
    .map((ring) => "M" + ring.map(([lon, lat]) => project(lon, lat).map((n) => n.toFixed(1)).join(" ")).join("L") + "Z")
    .join("");

  const boxOf = (points) => {
    const xs = points.map((p) => p[0]);
    const ys = points.map((p) => p[1]);
    return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  };
  const boxOfFeatures = (features) => boxOf(features.flatMap((f) => ringsOf(f.geometry).flat().map((c) => project(c[0], c[1]))));

  const readPoints = () => [...document.querySelectorAll("[data-lon][data-lat]")].map((item) => ({
    item,
    home: item.hasAttribute("data-home"),
    number: item.dataset.no || "",
    name: (item.querySelector("h2 a, h3 a, th a") || item.querySelector("h2, h3, th") || item).textContent.trim().replace(/\s+/g, " ").slice(0, 40),
    at: project(Number(item.dataset.lon), Number(item.dataset.lat)),
  }));

  // Points that would lie on each other share one mark: "3,5".
  const gather = (points, distance) => {
    const groups = [];
    for (const point of points) {
      const near = groups.find((g) => Math.hypot(g.at[0] - point.at[0], g.at[1] - point.at[1]) < distance);
      if (near) near.points.push(point);
      else groups.push({ at: point.at, points: [point] });
    }
    return groups;
  };

  // A mark of many points says the first and how many more: "1 +8".
  const short = (numbers) => (numbers.length > 2 ? `${numbers[0]} +${numbers.length - 1}` : numbers.join(","));

  const draw = (figure, collection) => {
    const stage = figure.querySelector("[data-map-stage]");
    const features = collection.features;
    const points = readPoints();
    const wanted = (figure.dataset.focus || "").split(",").filter(Boolean);
    const inFocus = (feature) => wanted.some((code) => feature.properties.code.startsWith(code));
    const focused = features.filter(inFocus);
    const levels = new Map([...document.querySelectorAll("[data-division][data-level]")].map((row) => [row.dataset.division, row.dataset.level]));

    const svg = make("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "group", "aria-label": stage.dataset.label });
    const ground = make("g", { "aria-hidden": "true" }, svg);
    for (const feature of features) {
      const level = levels.get(feature.properties.code);
      const kind = (inFocus(feature) ? " map__county--focus" : "") + (level ? ` map__county--${level}` : "");
      feature.shape = make("path", { d: pathOf(feature.geometry), class: "map__county" + kind }, ground);
    }
    focused.forEach((feature) => ground.append(feature.shape));
    const names = make("g", { "aria-hidden": "true" }, svg);
    const marks = make("g", {}, svg);
    const tip = document.createElement("p");
    tip.className = "map__tip";
    tip.hidden = true;
    tip.setAttribute("aria-hidden", "true");

    const whole = boxOfFeatures(features);
    const start = focused.length ? boxOfFeatures(focused)
      : points.length ? boxOf(points.map((p) => p.at)) : whole;
    let view = frame(start);

    function frame([x1, y1, x2, y2]) {
      const scale = Math.min(WIDTH / Math.max(x2 - x1, 40), HEIGHT / Math.max(y2 - y1, 40)) * 0.9;
      return { scale, x: (x1 + x2) / 2, y: (y1 + y2) / 2 };
    }
    const onScreen = ([x, y]) => [(x - view.x) * view.scale + WIDTH / 2, (y - view.y) * view.scale + HEIGHT / 2];
    const light = (group, on) => group.points.forEach((p) => p.item.classList.toggle("is-lit", on));

    // How many screen pixels one unit of the drawing is: it fits the narrower of width and height.
    const onePixel = () => Math.min(svg.clientWidth / WIDTH, svg.clientHeight / HEIGHT) || 1;

    const paint = () => {
      const [x, y] = onScreen([0, 0]);
      ground.setAttribute("transform", `translate(${x} ${y}) scale(${view.scale})`);
      names.replaceChildren();
      const taken = [];
      const unit = 12 * (parseFloat(getComputedStyle(document.documentElement).fontSize) / 16) / onePixel();
      marks.replaceChildren();
      const size = unit * 1.75;
      for (const point of points.filter((p) => p.home)) {
        const [hx, hy] = onScreen(point.at);
        make("circle", { cx: hx, cy: hy, r: size / 2.6, class: "map__home" }, marks);
        taken.push([hx, hy, size / 2]);
      }
      for (const group of gather(points.filter((p) => !p.home), size / view.scale)) {
        const [px, py] = onScreen(group.at);
        if (px < 0 || py < 0 || px > WIDTH || py > HEIGHT) continue;
        const label = short(group.points.map((p) => p.number));
        const width = Math.max(size, unit * 0.6 * (label.length + 1.4));
        const link = make("a", { href: `#${group.points[0].item.id}`, class: "map__point", "aria-label": `${label} ${group.points.map((p) => p.name).join("；")}` }, marks);
        make("rect", { x: px - width / 2, y: py - size / 2, width, height: size, rx: unit / 4 }, link);
        make("text", { x: px, y: py + unit * 0.37, "font-size": unit }, link).textContent = label;
        const show = () => { light(group, true); tip.textContent = group.points.map((p) => p.name).join("；"); tip.hidden = false; };
        const hide = () => { light(group, false); tip.hidden = true; };
        for (const name of ["mouseenter", "focus"]) link.addEventListener(name, show);
        for (const name of ["mouseleave", "blur"]) link.addEventListener(name, hide);
        link.addEventListener("click", (event) => {
          const item = group.points[0].item;
          const target = item.querySelector("h2 a, h3 a, a");
          if (!target) return;
          event.preventDefault();
          item.scrollIntoView({ block: "center" });
          target.focus({ preventScroll: true });
        });
        for (const p of group.points) p.mark = link;
        taken.push([px, py, width / 2]);
      }
      for (const feature of features) {
        const [nx, ny] = onScreen(project(...feature.properties.center));
        const wide = feature.shape.getBBox().width * view.scale;
        if (wide < unit * (feature.properties.name.length + 1) || nx < 20 || ny < 12 || nx > WIDTH - 20 || ny > HEIGHT - 8) continue;
        if (taken.some(([tx, ty, reach]) => Math.abs(tx - nx) < reach + unit * 1.8 && Math.abs(ty - ny) < unit * 1.6)) continue;
        taken.push([nx, ny, unit * 1.8]);
        make("text", { x: nx, y: ny, class: "map__name", "font-size": unit }, names).textContent = feature.properties.name;
      }
    };

    const tools = document.createElement("div");
    tools.className = "map__tools";
    const tool = (text, label, act) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button--small";
      button.textContent = text;
      if (label !== text) button.setAttribute("aria-label", label);
      button.addEventListener("click", () => { act(); paint(); });
      tools.append(button);
    };
    tool("＋", stage.dataset.in, () => { view.scale *= 1.5; });
    tool("－", stage.dataset.out, () => { view.scale = Math.max(view.scale / 1.5, frame(whole).scale); });
    tool(stage.dataset.all, stage.dataset.all, () => { view = frame(start); });

    // Dragging is for a mouse; a finger scrolls the page, the buttons zoom.
    let hold = null;
    svg.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "mouse" && !event.target.closest("a")) hold = { x: event.clientX, y: event.clientY };
    });
    addEventListener("pointermove", (event) => {
      if (!hold) return;
      const unit = 1 / onePixel() / view.scale;
      view.x -= (event.clientX - hold.x) * unit;
      view.y -= (event.clientY - hold.y) * unit;
      hold = { x: event.clientX, y: event.clientY };
      paint();
    });
    addEventListener("pointerup", () => { hold = null; });

    for (const point of points) {
      for (const [name, on] of [["mouseenter", true], ["focusin", true], ["mouseleave", false], ["focusout", false]]) {
        point.item.addEventListener(name, () => { if (point.mark) point.mark.classList.toggle("is-lit", on); });
      }
    }
    stage.replaceChildren(svg, tip, tools);
    new ResizeObserver(() => { if (svg.isConnected) paint(); }).observe(svg);
  };

  const fetched = new Map();
  const counties = (address) => {
    if (!fetched.has(address)) fetched.set(address, fetch(address).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status))));
    return fetched.get(address);
  };
  const begin = async (figure) => {
    try { draw(figure, await counties(figure.dataset.map)); } catch { /* the list stays */ }
  };
  // After the page itself, and again when htmx has brought a new list.
  const beginAll = () => document.querySelectorAll("figure[data-map]").forEach(begin);
  if (document.readyState === "complete") beginAll();
  else addEventListener("load", beginAll);
  document.addEventListener("htmx:afterSettle", beginAll);
})();
