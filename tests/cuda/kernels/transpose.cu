#define T 32
__global__ void tr_naive(float* o, const float* a, int n) {
  int x = blockIdx.x * T + threadIdx.x, y = blockIdx.y * T + threadIdx.y;
  for (int j = 0; j < T; j += 8) o[x * n + y + j] = a[(y + j) * n + x];
}
__global__ void tr_tiled(float* o, const float* a, int n) {
  __shared__ float t[T][T];
  int x = blockIdx.x * T + threadIdx.x, y = blockIdx.y * T + threadIdx.y;
  for (int j = 0; j < T; j += 8) t[threadIdx.y + j][threadIdx.x] = a[(y + j) * n + x];
  __syncthreads();
  x = blockIdx.y * T + threadIdx.x; y = blockIdx.x * T + threadIdx.y;
  for (int j = 0; j < T; j += 8) o[(y + j) * n + x] = t[threadIdx.x][threadIdx.y + j];
}
__global__ void tr_pad(float* o, const float* a, int n) {
  __shared__ float t[T][T + 1];
  int x = blockIdx.x * T + threadIdx.x, y = blockIdx.y * T + threadIdx.y;
  for (int j = 0; j < T; j += 8) t[threadIdx.y + j][threadIdx.x] = a[(y + j) * n + x];
  __syncthreads();
  x = blockIdx.y * T + threadIdx.x; y = blockIdx.x * T + threadIdx.y;
  for (int j = 0; j < T; j += 8) o[(y + j) * n + x] = t[threadIdx.x][threadIdx.y + j];
}
__global__ void tr_nosync(float* o, const float* a, int n) {
  __shared__ float t[T][T + 1];
  int x = blockIdx.x * T + threadIdx.x, y = blockIdx.y * T + threadIdx.y;
  for (int j = 0; j < T; j += 8) t[threadIdx.y + j][threadIdx.x] = a[(y + j) * n + x];  //! RACE_IN_BLOCK
  x = blockIdx.y * T + threadIdx.x; y = blockIdx.x * T + threadIdx.y;
  for (int j = 0; j < T; j += 8) o[(y + j) * n + x] = t[threadIdx.x][threadIdx.y + j];  //! RACE_IN_BLOCK
}
