import type uPlot from 'uplot';
import type { ChartThreshold } from './types.js';

const AREA_OPACITY = 0.08;

/** Shades what lies between a threshold with an area and the next one. Colours are the canvas' own. */
export function drawThresholdAreas(chart: uPlot, thresholds: readonly ChartThreshold[]): void {
  const { ctx, bbox } = chart;
  const sorted = thresholds.toSorted((a, b) => a.value - b.value);
  ctx.save();
  ctx.globalAlpha = AREA_OPACITY;
  for (const [i, { value, color, area }] of sorted.entries()) {
    if (area !== true) continue;
    const above = sorted[i + 1];
    const bottom = clamp(chart.valToPos(value, 'y', true), bbox);
    const top = above === undefined ? bbox.top : clamp(chart.valToPos(above.value, 'y', true), bbox);
    ctx.fillStyle = color;
    ctx.fillRect(bbox.left, top, bbox.width, Math.max(0, bottom - top));
  }
  ctx.restore();
}

/** A dashed line at each threshold that lies within the axis. */
export function drawThresholdLines(chart: uPlot, thresholds: readonly ChartThreshold[]): void {
  const { ctx, bbox } = chart;
  const { min, max } = chart.scales.y ?? {};
  if (typeof min !== 'number' || typeof max !== 'number') return;
  ctx.save();
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
  for (const { value, color } of thresholds) {
    if (value < min || value > max) continue;
    const y = Math.round(chart.valToPos(value, 'y', true));
    ctx.strokeStyle = color;
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
  }
  ctx.restore();
}

function clamp(y: number, { top, height }: uPlot.BBox): number {
  return Math.min(top + height, Math.max(top, y));
}
