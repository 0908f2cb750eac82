import type { ReactNode } from "react";

export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** Names the row. */
  readonly head?: boolean;
  /** Figures stand to the right. */
  readonly figure?: boolean;
}

export interface DataTableProps<Row> {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** The caption is for screen readers only, when a heading above says the same. */
  readonly hideCaption?: boolean;
}

/**
 * A table that becomes a list of cards where it would not fit (320 px). The roles are written out because browsers drop a
 * table's meaning when its display changes.
 */
export function DataTable<Row>({ caption, columns, rows, rowKey, hideCaption = false }: DataTableProps<Row>) {
  return (
    // biome-ignore-start lint/a11y/noRedundantRoles: see above
    <table className="data" role="table">
      <caption className={hideCaption ? "hidden-text" : ""}>{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ key, title, figure }) => (
            <th key={key} role="columnheader" scope="col" className={figure ? "figure" : ""}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={rowKey(row)} role="row">
            {columns.map(({ key, title, cell, head, figure }) =>
              head ? (
                <th key={key} role="rowheader" scope="row">
                  {cell(row)}
                </th>
              ) : (
                <td key={key} role="cell" className={figure ? "figure" : ""} data-title={title}>
                  {cell(row)}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
    // biome-ignore-end lint/a11y/noRedundantRoles: see above
  );
}
