// The brick kernel for avx2; the compiler options of this one file stand in solver/CMakeLists.txt.
#define WOLFF_KERNEL_NAMESPACE avx2
#include "mechanics/brick_sweep_body.h"
#include "mechanics/brick_transfer_body.h"
#include "mechanics/pore_kernel_body.h"
#include "mechanics/pore_sweep_body.h"
