/** Pixels that a drawing may take. */
export interface PanelSize {
  readonly width: number;
  readonly height: number;
}
