// Empty: device.h has what kernels need of it.
