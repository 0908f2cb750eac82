import { DataTable, type DataTableProps } from "./DataTable.tsx";

/** A table that stands in two columns when it has more rows than `most`, so that all of them are seen at once. */
export function SplitTable<Row>({ most, rows, ...table }: DataTableProps<Row> & { readonly most: number }) {
  if (rows.length <= most) return <DataTable {...table} rows={rows} />;
  const half = Math.ceil(rows.length / 2);
  return (
    <div className="split">
      <DataTable {...table} rows={rows.slice(0, half)} />
      <DataTable {...table} rows={rows.slice(half)} />
    </div>
  );
}
