import type {
  GetDownloadUrlForLayerRequest,
  GetDownloadUrlForLayerResponse,
} from '@aws-sdk/client-ecr';
import { ApiError, type Operation } from '../../operation.ts';
import { offerDownload } from '../downloads.ts';
import { repositoryBy, required } from '../errors.ts';

/**
 * Says where a layer, or an image's config, can be fetched for an hour. The sandbox has configs
 * only, of images whose architecture the world file names.
 * @see GetDownloadUrlForLayer, Amazon ECR API Reference
 */
export const getDownloadUrlForLayer: Operation<
  GetDownloadUrlForLayerRequest,
  GetDownloadUrlForLayerResponse
> = {
  name: 'GetDownloadUrlForLayer',
  accepts: ['registryId', 'repositoryName', 'layerDigest'],
  handle(input, call) {
    const repository = repositoryBy(call, input);
    const layerDigest = required(input.layerDigest, 'layerDigest');
    const bytes = repository.blobs.get(layerDigest);
    if (!bytes) {
      throw new ApiError(
        'LayersNotFoundException',
        `The layer with digest '${layerDigest}' does not exist within the repository with name '${repository.name}' in the registry with id '${repository.registryId}'`,
      );
    }
    const origin = call.endpoint ?? 'http://sandbox.invalid';
    return { downloadUrl: `${origin}${offerDownload(call.world, bytes)}`, layerDigest };
  },
};
