// Charts over tables that are on the page anyway. SVG, described for screen readers; every mark opens its rows.
"use strict";

(() => {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const made = [];
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const data = (name) => { const node = document.getElementById(`chart-${name}`); return node ? JSON.parse(node.textContent) : null; };
  const QUADS = { "verbal-cooperation": "--vc", "material-cooperation": "--mc", "verbal-conflict": "--vk", "material-conflict": "--mk" };
  const go = (address) => { location.assign(address); };
  const frame = () => ({
    animation: false,
    aria: { enabled: true, decal: { show: false } },
    textStyle: { fontFamily: css("--ui"), color: css("--ink") },
    tooltip: { renderMode: "richText", confine: true, backgroundColor: css("--surface"), borderColor: css("--strong"), textStyle: { color: css("--ink"), fontSize: 12 } },
  });
  const axis = () => ({
    axisLine: { lineStyle: { color: css("--strong") } }, axisTick: { show: false }, axisLabel: { color: css("--muted"), fontSize: 11 },
    splitLine: { lineStyle: { color: css("--line") } }, nameTextStyle: { color: css("--muted"), fontSize: 11, align: "left" },
  });

  // What is shown first: from the first event to the last, and some room. The slider leads to the rest.
  const shown = (d) => {
    const full = d.labels.map((_, i) => d.bars.some((bar) => bar.values[i]));
    const first = full.indexOf(true); const last = full.lastIndexOf(true);
    if (first < 0) return {};
    const room = Math.max(6, Math.round((last - first) * 0.1));
    return { startValue: Math.max(0, first - room), endValue: Math.min(full.length - 1, last + room) };
  };

  function series(chart) {
    const d = data("series");
    const shifts = (data("shifts") || []).map((day) => {
      let at = d.starts.findIndex((start) => start > day);
      at = at === -1 ? d.starts.length - 1 : Math.max(0, at - 1);
      return { xAxis: at };
    });
    const gaps = [];
    d.gaps.forEach((gap, i) => { if (gap) { const last = gaps[gaps.length - 1]; if (last && last[1] === i - 1) last[1] = i; else gaps.push([i, i]); } });
    // A stretch in which nothing was read, from the left edge of its first bin to the right edge of its last.
    const gapAreas = (panel) => ({
      type: "custom", name: d.words.gap, xAxisIndex: panel, yAxisIndex: panel, silent: true, z: 0, data: gaps.map(([a, b]) => [a, b, NaN]), encode: { x: [0, 1], y: 2 },
      renderItem: (params, api) => {
        const half = api.size([1, 0])[0] / 2; const area = params.coordSys;
        const from = api.coord([api.value(0), 0])[0] - half; const to = api.coord([api.value(1), 0])[0] + half;
        const shape = echarts.graphic.clipRectByRect({ x: from, y: area.y, width: to - from, height: area.height }, area);
        return shape && { type: "rect", shape, style: { fill: css("--gap") } };
      },
    });
    const decals = { "material-cooperation": { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [1, 5], rotation: -0.78, color: "rgba(255,255,255,.45)" }, "material-conflict": { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [1, 5], rotation: 0.78, color: "rgba(255,255,255,.45)" } };
    const narrow = chart.getWidth() < 520;
    const few = d.labels.length <= 60;
    const whisker = (params, api) => {
      const [low, high] = [api.value(1), api.value(2)];
      if (Number.isNaN(low) || Number.isNaN(high)) return null;
      const a = api.coord([api.value(0), low]); const b = api.coord([api.value(0), high]);
      const bar = (y) => ({ type: "line", shape: { x1: a[0] - 4, x2: a[0] + 4, y1: y, y2: y }, style: { stroke: css("--said-line"), lineWidth: 1.5 } });
      return { type: "group", children: [{ type: "line", shape: { x1: a[0], y1: a[1], x2: b[0], y2: b[1] }, style: { stroke: css("--said-line"), lineWidth: 1.5 } }, bar(a[1]), bar(b[1])] };
    };
    const sign = (n) => (n === null || n === undefined ? "–" : (n > 0 ? "+" : n < 0 ? "−" : "") + Math.abs(n).toFixed(2));
    chart.setOption({
      ...frame(),
      tooltip: { ...frame().tooltip, trigger: "axis", formatter: (points) => {
        const i = d.labels.indexOf(points[0].axisValue);
        if (i < 0) return "";
        if (d.gaps[i]) return `${d.labels[i]}\n${d.words.gap}`;
        return [d.labels[i], ...d.bars.map((b) => `${b.name}: ${b.values[i]}`), `${d.words.index}: ${sign(d.index[i])} (${sign(d.low[i])} … ${sign(d.high[i])})`].join("\n");
      } },
      axisPointer: { link: [{ xAxisIndex: "all" }], lineStyle: { color: css("--strong") } },
      legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 12, textStyle: { color: css("--ink"), fontSize: 12 }, data: d.bars.map((b) => b.name) },
      grid: [{ left: 44, right: 12, top: narrow ? 84 : 56, height: narrow ? "36%" : "42%" }, { left: 44, right: 12, bottom: d.labels.length > 40 ? 62 : 28, top: narrow ? "70%" : "68%" }],
      xAxis: [{ type: "category", data: d.labels, gridIndex: 0, ...axis(), axisLabel: { show: false } }, { type: "category", data: d.labels, gridIndex: 1, ...axis() }],
      yAxis: [
        { type: "value", minInterval: 1, gridIndex: 0, name: d.words.events, ...axis() },
        { type: "value", gridIndex: 1, name: d.words.index, ...axis(), splitNumber: 3 },
      ],
      dataZoom: d.labels.length > 40 ? [{ type: "slider", ...shown(d), filterMode: "weakFilter", xAxisIndex: [0, 1], bottom: 8, height: 20, borderColor: css("--line"), textStyle: { color: css("--muted") } }, { type: "inside", ...shown(d), filterMode: "weakFilter", xAxisIndex: [0, 1], zoomOnMouseWheel: "ctrl" }] : [],
      series: [
        ...d.bars.map((bar) => ({
          type: "bar", stack: "events", name: bar.name, data: bar.values, barMaxWidth: 26, barMinWidth: 1,
          itemStyle: { color: css(QUADS[bar.key]), decal: decals[bar.key] },
        })),
        ...(few ? [{ type: "custom", xAxisIndex: 1, yAxisIndex: 1, name: d.words.band, renderItem: whisker, encode: { x: 0, y: [1, 2] }, silent: true,
          data: d.low.map((low, i) => (low === null ? null : [i, low, d.high[i]])).filter(Boolean) }] : [
        { type: "line", xAxisIndex: 1, yAxisIndex: 1, name: "low", data: d.low, symbol: "none", lineStyle: { opacity: 0 }, stack: "band", stackStrategy: "all", silent: true },
        { type: "line", xAxisIndex: 1, yAxisIndex: 1, name: d.words.band, data: d.high.map((h, i) => (h === null ? null : h - d.low[i])), symbol: "none", lineStyle: { opacity: 0 }, areaStyle: { color: css("--said-line"), opacity: 0.18 }, stack: "band", stackStrategy: "all", silent: true }]),
        { type: "line", xAxisIndex: 1, yAxisIndex: 1, name: d.words.index, data: d.index, symbolSize: d.labels.length > 120 ? 3 : 6, symbol: "circle", showAllSymbol: true, connectNulls: false,
          lineStyle: { color: css("--said-line"), width: 2 }, itemStyle: { color: css("--said-line") },
          markLine: { silent: true, symbol: "none", label: { show: false }, lineStyle: { color: css("--strong") }, data: [{ yAxis: 0, lineStyle: { type: "solid" } }, ...shifts.map((s) => ({ ...s, lineStyle: { color: css("--mk"), type: "dashed", width: 2 } }))] } },
        ...(gaps.length ? [gapAreas(0), gapAreas(1)] : []),
      ],
    }, true);
    chart.off("click");
    chart.on("click", (p) => {
      if (p.dataIndex === undefined || d.gaps[p.dataIndex]) return;
      const bar = p.seriesType === "bar" ? d.bars.find((b) => b.name === p.seriesName) : null;
      const address = new URL(d.rows, location.href);
      address.searchParams.set("start", d.starts[p.dataIndex]);
      if (bar) { address.searchParams.delete("quad"); address.searchParams.set("quad", bar.key); }
      go(address.pathname + address.search);
    });
  }

  function network(chart) {
    const d = data("network");
    const most = Math.max(1, ...d.nodes.map((n) => n.n));
    const colour = (n) => (n.conflict > n.cooperation ? css("--mk") : css("--mc"));
    const turn = (i) => (2 * Math.PI * i) / d.nodes.length - Math.PI / 2;
    const side = (angle) => (Math.abs(Math.cos(angle)) < 0.2 ? (Math.sin(angle) < 0 ? "top" : "bottom") : (Math.cos(angle) > 0 ? "right" : "left"));
    const margin = Math.min(110, chart.getWidth() * 0.24);
    const hidden = { type: "value", show: false, min: -1, max: 1 };
    chart.setOption({
      ...frame(),
      tooltip: { ...frame().tooltip, formatter: (p) => (p.dataType === "node" && p.data.facts ? `${p.name}\n${d.words.cooperation}: ${p.data.facts.cooperation}\n${d.words.conflict}: ${p.data.facts.conflict}` : p.name || "") },
      grid: { left: margin, right: margin, top: 30, bottom: 30 }, xAxis: hidden, yAxis: { ...hidden, inverse: true },
      series: [{
        type: "graph", coordinateSystem: "cartesian2d", cursor: "pointer",
        label: { show: true, color: css("--ink"), fontSize: 11, width: margin - 14, lineHeight: 13, overflow: "break" },
        data: [
          ...d.nodes.map((n, i) => ({ name: n.name, address: n.address, facts: n, value: [Math.cos(turn(i)), Math.sin(turn(i))], label: { position: side(turn(i)) }, symbolSize: 8 + 20 * Math.sqrt(n.n / most), itemStyle: { color: colour(n) } })),
          { name: d.centre, value: [0, 0], symbol: "diamond", symbolSize: 24, itemStyle: { color: css("--ink") }, label: { fontWeight: 700, position: "bottom", width: 160 } },
        ],
        links: d.nodes.map((n) => ({ source: d.centre, target: n.name, lineStyle: { width: 1 + 4 * (n.n / most), color: colour(n), opacity: 0.45, type: n.conflict > n.cooperation ? "dashed" : "solid" } })),
      }],
    }, true);
    chart.off("click");
    chart.on("click", (p) => { if (p.data && p.data.address) go(p.data.address); });
  }

  async function map(chart, box) {
    const d = data("map");
    if (!echarts.getMap("world")) {
      const atlas = await (await fetch(box.dataset.atlas)).json();
      const world = topojson.feature(atlas, atlas.objects.countries);
      world.features = world.features.filter((f) => f.properties.name !== "Antarctica");
      // A shape that crosses the date line goes on beyond it, instead of running back around the world.
      const mend = (ring) => {
        const lons = ring.map((point) => point[0]);
        return Math.max(...lons) - Math.min(...lons) > 300 ? ring.map(([lon, lat]) => [lon < 0 ? lon + 360 : lon, lat]) : ring;
      };
      world.features.forEach((f) => {
        const g = f.geometry;
        g.coordinates = g.type === "Polygon" ? g.coordinates.map(mend) : g.coordinates.map((polygon) => polygon.map(mend));
      });
      echarts.registerMap("world", world);
    }
    const most = Math.max(1, ...d.points.map((p) => p.n));
    const lons = d.points.map((p) => p.lon); const lats = d.points.map((p) => p.lat);
    const wide = Math.max(20, Math.max(...lons) - Math.min(...lons)); const high = Math.max(15, Math.max(...lats) - Math.min(...lats));
    const zoom = Math.max(1, Math.min(6, 300 / (wide * 1.4), 140 / (high * 1.4)));
    chart.setOption({
      ...frame(),
      tooltip: { ...frame().tooltip, formatter: (p) => (p.data && p.data.n ? `${p.data.name}: ${p.data.n}` : "") },
      geo: { map: "world", roam: "move", silent: true, zoom, left: 0, right: 0, top: 0, bottom: 0, boundingCoords: [[-170, 78], [190, -56]], center: zoom > 1 ? [(Math.max(...lons) + Math.min(...lons)) / 2, (Math.max(...lats) + Math.min(...lats)) / 2] : undefined,
        itemStyle: { areaColor: css("--sunk"), borderColor: css("--strong"), borderWidth: 0.6 }, emphasis: { disabled: true } },
      series: [{ type: "scatter", coordinateSystem: "geo", data: d.points.map((p) => ({ ...p, value: [p.lon, p.lat, p.n], symbolSize: 7 + 19 * Math.sqrt(p.n / most) })),
        itemStyle: { color: css("--mk"), opacity: 0.72, borderColor: css("--surface"), borderWidth: 1 } }],
    }, true);
    chart.off("click");
    chart.on("click", (p) => { if (p.data && p.data.address) go(p.data.address); });
  }

  const KINDS = { series, network, map };
  function draw() {
    document.querySelectorAll("[data-chart]").forEach((box) => {
      let chart = echarts.getInstanceByDom(box);
      if (!chart) {
        chart = echarts.init(box, null, { renderer: "svg" });
        made.push(chart);
        box.dataset.ready = "";
      }
      KINDS[box.dataset.chart](chart, box);
    });
  }
  draw();
  addEventListener("resize", () => made.forEach((chart) => chart.resize()));
  document.addEventListener("demarche:theme", draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  document.addEventListener("htmx:after:swap", () => { if (document.getElementById("chart-shifts")) draw(); });
  addEventListener("beforeprint", () => made.forEach((chart) => chart.resize()));
})();
