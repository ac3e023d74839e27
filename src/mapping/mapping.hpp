// The mapping engine as the rest of the program sees it.
#pragma once

#include "mapping/csv.hpp"
#include "mapping/field_matrix.hpp"
#include "mapping/flow.hpp"
#include "mapping/object_mapping.hpp"
#include "mapping/pack_set.hpp"
#include "mapping/recipe.hpp"
#include "mapping/variables.hpp"
