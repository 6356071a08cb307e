/* Starts the charts of a page. Without this file words and tables say the same. */
(() => {
  "use strict";
  const config = {
    displaylogo: false, showSendToCloud: false, plotlyServerURL: "",
    displayModeBar: false, responsive: true, scrollZoom: false, doubleClick: false,
  };
  const ROOM = 700;

  function layoutOf(figure, box) {
    const ink = getComputedStyle(box);
    const layout = structuredClone(figure.layout);
    layout.font = { ...layout.font, color: ink.color, size: 14 };
    layout.dragmode = false;
    layout.hovermode = "closest";
    layout.xaxis = { ...layout.xaxis, gridcolor: "rgba(128,128,128,.25)", zerolinecolor: ink.color };
    layout.legend = { ...layout.legend, x: 0, y: 1, yanchor: "bottom" };
    layout.margin = { ...layout.margin, t: 70 };
    const keys = [...new Set(figure.data.flatMap((trace) => trace.y))];
    if (box.clientWidth >= ROOM) {
      const words = keys.map((key) => figure.names[key] || key);
      layout.yaxis = { ...layout.yaxis, tickmode: "array", tickvals: keys, ticktext: words };
    } else {
      layout.yaxis = { ...layout.yaxis, tickmode: "array", tickvals: keys, ticktext: keys };
    }
    return layout;
  }

  for (const source of document.querySelectorAll("script.chart")) {
    const box = document.getElementById(source.dataset.target);
    const figure = JSON.parse(source.textContent);
    box.hidden = false;
    const draw = () => Plotly.react(box, figure.data, layoutOf(figure, box), config);
    draw();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
    matchMedia(`(min-width: ${ROOM + 100}px)`).addEventListener("change", draw);
  }
})();
