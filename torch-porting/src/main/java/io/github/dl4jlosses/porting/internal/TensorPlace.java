/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import java.util.List;

/**
 * Where a tensor lies in its file; equal places are one tensor.
 *
 * @param storage the name of the storage, which several tensors may share
 * @param from the number of the tensor's first element in it
 * @param to the number behind the last one
 * @param sizes of the tensor
 * @param strides the steps of its dimensions
 * @since 0.1.0
 */
public record TensorPlace(String storage, long from, long to, List<Object> sizes, List<Object> strides) {}
