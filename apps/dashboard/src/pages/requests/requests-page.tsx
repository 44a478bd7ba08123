import { useState } from 'react';
import { FilterBar } from '../../features/filter/filter-bar.js';
import { Button } from '../../ui/button.js';
import { Icon } from '../../ui/icon.js';
import { Facets } from './facets.js';
import { RequestTable } from './request-table.js';

/** All requests of the range and filter, with what they can be narrowed down to. */
export function RequestsPage() {
  const [facets, setFacets] = useState(() => innerWidth >= 1024);
  return (
    <div className="flex h-full flex-col gap-3">
      <div className="flex items-start gap-2">
        <Button aria-expanded={facets} onClick={() => setFacets(!facets)} className="h-9!">
          <Icon name="filter" size={14} />
          <span className="max-sm:sr-only">Facets</span>
        </Button>
        <div className="min-w-0 flex-1">
          <FilterBar />
        </div>
      </div>
      <div className="flex min-w-0 gap-3 max-lg:flex-col">
        {facets && <Facets />}
        <RequestTable />
      </div>
    </div>
  );
}
